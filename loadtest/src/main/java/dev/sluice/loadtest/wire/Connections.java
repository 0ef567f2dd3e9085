// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Wire;
import dev.sluice.loadtest.load.Loops;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.Fleet;
import dev.sluice.loadtest.run.Loop;
import dev.sluice.loadtest.run.RunException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The connections to one server, each on one event loop. There is one loop for each connection, up
 * to the number of CPUs to use.
 */
public final class Connections implements Fleet, AutoCloseable {
  /** Enough for a stream that sends faster than this machine reads. */
  private static final int WINDOW_BYTES = 4 << 20;

  private final Options options;
  private final Loops group;
  private final List<NettyLoop> loops = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  private Connections(Options options, Loops group) {
    this.options = options;
    this.group = group;
  }

  /**
   * Connects.
   *
   * @param nanoTime the clock of the run
   * @param threadCpu processor time of the thread that asks
   * @throws RunException if the server cannot be reached in time
   */
  public static Connections open(Options options, LongSupplier nanoTime, LongSupplier threadCpu)
      throws InterruptedException {
    Wire wire = options.wire();
    int loops = Math.max(1, Math.min(wire.connections(), wire.cpus()));
    Connections connections = new Connections(options, Loops.start(loops));
    try {
      for (int i = 0; i < loops; i++) {
        EventLoop next = connections.group.group().next();
        connections.loops.add(new NettyLoop(next, nanoTime, threadCpu));
      }
      for (int i = 0; i < wire.connections(); i++) {
        connections.channels.add(channel(options, connections, i % loops));
      }
      Ready.await(options.host(), connections.channels, wire.connectTimeout(), nanoTime);
      return connections;
    } catch (RuntimeException | InterruptedException | Error e) {
      connections.close();
      throw e;
    }
  }

  private static ManagedChannel channel(Options options, Connections of, int loop) {
    Wire wire = options.wire();
    NettyChannelBuilder builder;
    try {
      builder = NettyChannelBuilder.forTarget(options.host());
      Credentials.apply(options.security(), builder);
      builder
          .eventLoopGroup(of.loops.get(loop).eventLoop())
          .channelType(of.group.channelType())
          .directExecutor()
          .disableRetry()
          .flowControlWindow(WINDOW_BYTES)
          .maxInboundMessageSize(wire.maxReceive())
          .idleTimeout(365, TimeUnit.DAYS)
          .userAgent("sluice-loadtest");
      if (!wire.keepalive().isZero()) {
        builder
            .keepAliveTime(wire.keepalive().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(wire.keepalive().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveWithoutCalls(true);
      }
      balance(wire.lbStrategy(), builder);
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new RunException("host: '" + options.host() + "' is no HOST:PORT: " + Reasons.of(e));
    }
  }

  private static void balance(String policy, NettyChannelBuilder builder) {
    if (!policy.isEmpty()) {
      if (LoadBalancerRegistry.getDefaultRegistry().getProvider(policy) == null) {
        throw new RunException("lb-strategy: '" + policy + "' is none of pick_first, round_robin");
      }
      builder.defaultLoadBalancingPolicy(policy);
    }
  }

  /** For calls that are not part of the load. */
  public Channel control() {
    return channels.getFirst();
  }

  @Override
  public List<Loop> loops() {
    return List.copyOf(loops);
  }

  @Override
  public int connections() {
    return channels.size();
  }

  @Override
  public Carrier carrier(int loop) {
    List<Channel> own = new ArrayList<>();
    for (int i = loop; i < channels.size(); i += loops.size()) {
      own.add(channels.get(i));
    }
    CallOptions call = CallOptions.DEFAULT.withMaxOutboundMessageSize(options.wire().maxSend());
    if (options.wire().compression()) {
      call = call.withCompression("gzip");
    }
    GrpcCarrier.Terms terms =
        new GrpcCarrier.Terms(
            call, options.payload().streaming(), options.load().timeout().toNanos());
    return new GrpcCarrier(loops.get(loop), own, terms);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    group.close();
  }
}
