// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.sluice.batching.NanoClock;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.LogRpc;
import dev.sluice.server.transport.shared.MetadataRpcs;
import dev.sluice.server.transport.shared.OpenCount;
import dev.sluice.server.transport.shared.StatisticsRpc;
import dev.sluice.server.transport.shared.TraceRpc;
import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The gRPC server, from its start to its end. Calls are handled on the event loops themselves; the
 * package's description says what that asks of the code here.
 *
 * <p>Safe for use by many threads.
 */
public final class GrpcFrontEnd {
  private static final Problem SHUTTING_DOWN =
      new Problem.Unavailable(
          "the server is shutting down; send this to another one, or here again when it is back",
          Duration.ofSeconds(1));

  /** Far more than the round trip in which a client hears that it should go. */
  private static final long SETTLE_NANOS = SECONDS.toNanos(1);

  private final EventLoops loops;
  private final HealthFeed health;
  private final OpenCount openCalls;
  private final OpenStreams streams;
  private final Server server;
  private final NanoClock clock;

  private GrpcFrontEnd(
      EventLoops loops,
      HealthFeed health,
      OpenCount openCalls,
      OpenStreams streams,
      Server server,
      NanoClock clock) {
    this.loops = loops;
    this.health = health;
    this.openCalls = openCalls;
    this.streams = streams;
    this.server = server;
    this.clock = clock;
  }

  /**
   * Binds and serves.
   *
   * @param port 0 for any that is free
   * @throws IOException when the port cannot be had
   */
  public static GrpcFrontEnd start(
      InetAddress address, int port, GrpcSettings settings, GrpcParts parts) throws IOException {
    Faults faults = new Faults(parts.errorIds(), parts.telemetry());
    OpenCount openCalls = new OpenCount();
    OpenStreams streams = new OpenStreams();
    HealthFeed health =
        new HealthFeed(
            parts.catalog(),
            List.of(GRPCInferenceServiceGrpc.SERVICE_NAME, EmbeddingServiceGrpc.SERVICE_NAME));
    EventLoops loops = EventLoops.start(settings.eventLoopThreads());
    try {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
              .bossEventLoopGroup(loops.group())
              .workerEventLoopGroup(loops.group())
              .channelFactory(() -> ConnectionHits.watch(loops.newListener(), parts.telemetry()))
              .addStreamTracerFactory(CallHits.factory(parts.telemetry()))
              .directExecutor();
      limit(builder, settings);
      compress(builder);
      addServices(
          builder,
          settings,
          parts,
          new StreamSession.Shared(streams, settings.maxStreamInFlight(), faults),
          health);
      if (!parts.traces().equals(RequestTraces.OFF)) {
        builder.addStreamTracerFactory(new CallTraces(parts.traces(), parts.clock()));
      }
      // The last one added is the first to run.
      builder.intercept(CallHeaders.interceptor());
      builder.intercept(new GuardInterceptor(faults));
      builder.intercept(new MirrorCompression());
      builder.intercept(new OpenCalls(openCalls));
      Server server = builder.build().start();
      parts.catalog().onChange(health::update);
      health.update();
      return new GrpcFrontEnd(loops, health, openCalls, streams, server, parts.clock());
    } catch (IOException | RuntimeException e) {
      loops.stop();
      throw e;
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Health and readiness say no from here on; requests are still answered. */
  public void beginDrain() {
    health.drain();
  }

  /**
   * Takes no new call, lets those that are open finish, and closes what is left when the grace is
   * over. A stream of requests finishes by being closed once it has answered what it has accepted.
   * Health watches and reflection streams are not waited for.
   *
   * @return whether every call could finish
   */
  public boolean shutdown(Duration grace) throws InterruptedException {
    long end = clock.nanoTime() + grace.toNanos();
    beginDrain();
    server.shutdown();
    streams.closeAll(SHUTTING_DOWN);
    try {
      return openCalls.awaitNone(grace) && settle(end);
    } finally {
      server.shutdownNow();
      server.awaitTermination();
      loops.stop();
    }
  }

  /**
   * No call is open, but until a client has heard that it should go, the next one may be on its
   * way. Connections end by themselves once their client has heard; only those that carry a health
   * watch stay, which is why this has a limit of its own.
   */
  private boolean settle(long end) throws InterruptedException {
    server.awaitTermination(Math.min(SETTLE_NANOS, end - clock.nanoTime()), NANOSECONDS);
    return openCalls.awaitNone(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
  }

  private static void limit(NettyServerBuilder builder, GrpcSettings settings) {
    ConnectionLimits limits = settings.connections();
    builder
        .maxInboundMessageSize(settings.maxMessageBytes())
        .maxInboundMetadataSize(settings.maxMetadataBytes())
        .maxConcurrentCallsPerConnection(limits.maxConcurrentCalls())
        .handshakeTimeout(limits.handshakeTimeout().toNanos(), NANOSECONDS)
        .maxConnectionIdle(limits.maxIdle().toNanos(), NANOSECONDS)
        .maxConnectionAge(limits.maxAge().toNanos(), NANOSECONDS)
        .maxConnectionAgeGrace(limits.maxAgeGrace().toNanos(), NANOSECONDS)
        .keepAliveTime(limits.keepAliveTime().toNanos(), NANOSECONDS)
        .keepAliveTimeout(limits.keepAliveTimeout().toNanos(), NANOSECONDS)
        .permitKeepAliveTime(limits.permitKeepAlive().toNanos(), NANOSECONDS)
        .permitKeepAliveWithoutCalls(limits.permitKeepAliveWithoutCalls())
        .flowControlWindow(limits.flowControlWindow())
        .maxRstFramesPerWindow(
            limits.maxResets(), Math.toIntExact(limits.resetWindow().toSeconds()));
  }

  private static void compress(NettyServerBuilder builder) {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Codec.Gzip());
    compressors.register(Codec.Identity.NONE);
    compressors.register(new DeflateCodec());
    builder.compressorRegistry(compressors);
    builder.decompressorRegistry(
        DecompressorRegistry.getDefaultInstance().with(new DeflateCodec(), true));
  }

  private static void addServices(
      NettyServerBuilder builder,
      GrpcSettings settings,
      GrpcParts parts,
      StreamSession.Shared shared,
      HealthFeed health) {
    CallTerms terms = new CallTerms(parts.clock());
    InferRequests inferRequests = new InferRequests(parts.catalog(), terms, settings.maxTensors());
    InferenceService inference =
        new InferenceService(
            new InferenceService.Parts(
                () -> parts.catalog().lost().isEmpty(),
                health::ready,
                new MetadataRpcs(parts.catalog(), parts.serverVersion()),
                new InferRpcs(parts.inference(), inferRequests, shared),
                new StatisticsRpc(parts.catalog()),
                new RepositoryRpcs(parts.catalog(), shared.faults()),
                new TraceRpc(parts.catalog()),
                new LogRpc(parts.logs())));
    EmbeddingService embedding =
        new EmbeddingService(
            parts.inference(), new EmbedRequests(terms, settings.maxEmbedInputs()), shared);
    MessageLimits limits = MessageLimits.of(settings);
    List.of(
            inference,
            embedding,
            new SloService(parts.slos(), shared.faults()),
            health.service(),
            ProtoReflectionServiceV1.newInstance(),
            oldReflection())
        .forEach(service -> builder.addService(AliasedService.of(service, limits, parts.clock())));
  }

  @SuppressWarnings("deprecation") // v1alpha is what older command line clients ask for
  private static BindableService oldReflection() {
    return ProtoReflectionService.newInstance();
  }
}
