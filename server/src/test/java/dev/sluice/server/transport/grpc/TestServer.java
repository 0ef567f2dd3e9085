// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.SloSource;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.scripted.ScriptedCatalog;
import dev.sluice.server.transport.scripted.ScriptedInference;
import dev.sluice.server.transport.shared.LogControl;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A real server on a free port of the loopback, with a client. */
final class TestServer implements AutoCloseable {
  /** What must never reach a client: packages, files, stack frames. */
  private static final Pattern LEAK =
      Pattern.compile(
          "(java|dev\\.sluice|io\\.grpc|com\\.google)\\.|Exception|(^|[\\s\"'(])/[a-z]+/|\\.java");

  private static final long LONG_SECONDS = 60;

  final ScriptedInference inference = new ScriptedInference();
  final ScriptedCatalog catalog = new ScriptedCatalog();
  final AtomicReference<SloSource> slos =
      new AtomicReference<>(() -> CompletableFuture.completedFuture(new SloReport(List.of())));
  final AtomicLong clock = new AtomicLong(1_000);
  final MemoryLogControl logs = new MemoryLogControl();
  final Telemetry telemetry = new Telemetry(() -> 0);
  final GrpcFrontEnd server;
  final ManagedChannel channel;

  TestServer() throws IOException {
    this(GrpcSettings.defaults());
  }

  TestServer(GrpcSettings settings) throws IOException {
    AtomicInteger ids = new AtomicInteger();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    server =
        GrpcFrontEnd.start(
            loopback,
            0,
            settings,
            new GrpcParts(
                inference,
                catalog,
                () -> slos.get().report(),
                RequestTraces.OFF,
                clock::get,
                logs,
                () -> "id-" + ids.incrementAndGet(),
                "0.1-test",
                telemetry));
    channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(loopback, server.port()))
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceStub async() {
    return GRPCInferenceServiceGrpc.newStub(channel);
  }

  EmbeddingServiceGrpc.EmbeddingServiceStub asyncEmbedding() {
    return EmbeddingServiceGrpc.newStub(channel);
  }

  EmbeddingServiceGrpc.EmbeddingServiceBlockingStub embedding() {
    return EmbeddingServiceGrpc.newBlockingStub(channel);
  }

  /** The error of a call, which must be of that code and give nothing away. */
  static StatusRuntimeException error(Status.Code code, ThrowingCallable call) {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(thrown).as("the call should have failed with " + code).isNotNull();
    assertThat(thrown.getStatus().getCode()).as(thrown.getMessage()).isEqualTo(code);
    discreet(String.valueOf(thrown.getStatus().getDescription()));
    discreet(String.valueOf(thrown.getTrailers()));
    return thrown;
  }

  static void discreet(String text) {
    assertThat(text.replaceAll("grpc-status-details-bin=[^,)]*", "")).doesNotContainPattern(LEAK);
  }

  /** The next element; an upper bound on the wait keeps a broken server from hanging the build. */
  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T element = queue.poll(LONG_SECONDS, TimeUnit.SECONDS);
    assertThat(element).as("something should have come").isNotNull();
    return element;
  }

  /** Ends the server on another thread, as that waits for what is open. */
  CompletableFuture<Boolean> shutdown(Duration grace) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return server.shutdown(grace);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      server.shutdown(Duration.ZERO);
      assertThat(channel.awaitTermination(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while closing", e);
    }
  }

  /** A log level that is only remembered. */
  static final class MemoryLogControl implements LogControl {
    private volatile Verbosity verbosity = Verbosity.INFO;

    @Override
    public Verbosity verbosity() {
      return verbosity;
    }

    @Override
    public void set(Verbosity value) {
      verbosity = value;
    }
  }
}
