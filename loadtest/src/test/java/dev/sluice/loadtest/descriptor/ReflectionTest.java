// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that describe themselves, in either version or in none. */
final class ReflectionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @Test
  void aMethodIsFoundByTheFirstVersion() throws IOException {
    found(ProtoReflectionServiceV1.newInstance(), "grpc.reflection.v1.ServerReflection");
  }

  @Test
  @SuppressWarnings("deprecation") // It is this that old servers have.
  void aMethodIsFoundByTheAlphaVersion() throws IOException {
    found(ProtoReflectionService.newInstance(), "grpc.reflection.v1alpha.ServerReflection");
  }

  @Test
  void anUnknownServiceIsRefusedWithTheNearest() throws IOException {
    try (Served served = new Served(List.of(ProtoReflectionServiceV1.newInstance()))) {
      assertThatThrownBy(() -> served.load("grpc.reflection.v1.ServerReflecton/X"))
          .isInstanceOf(DescriptorException.class)
          .hasMessage(
              "service grpc.reflection.v1.ServerReflecton not found; did you mean "
                  + ServerReflectionGrpc.SERVICE_NAME
                  + "?");
    }
  }

  @Test
  void aServerWithoutReflectionIsNamed() throws IOException {
    try (Served served = new Served(List.of())) {
      assertThatThrownBy(() -> served.load("a.B/C"))
          .isInstanceOf(DescriptorException.class)
          .hasMessage("server does not support the reflection API");
    }
  }

  private static void found(BindableService reflection, String service) throws IOException {
    try (Served served = new Served(List.of(reflection))) {
      assertThat(served.load(service + "/ServerReflectionInfo")).isTrue();
    }
  }

  /** A server on a port of its own, and a channel to it. */
  private static final class Served implements AutoCloseable {
    private final Server server;
    private final ManagedChannel channel;

    Served(List<BindableService> services) throws IOException {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      services.forEach(builder::addService);
      server = builder.build().start();
      channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
              .usePlaintext()
              .build();
    }

    /** Loads, and says whether the method is a stream in both directions. */
    boolean load(String call) {
      var method = Methods.find(Reflection.load(channel, call, new Metadata(), TIMEOUT), call);
      return method.isClientStreaming() && method.isServerStreaming();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }
}
