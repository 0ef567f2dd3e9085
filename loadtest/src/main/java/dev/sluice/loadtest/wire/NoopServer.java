// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.load.Loops;
import io.grpc.HandlerRegistry;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server on loopback that answers every call, whatever its name, with one empty message. */
public final class NoopServer implements AutoCloseable {
  private final Loops loops;
  private final Server server;

  private NoopServer(Loops loops, Server server) {
    this.loops = loops;
    this.server = server;
  }

  public static NoopServer start(int threads) throws IOException {
    Loops loops = Loops.start(threads);
    Class<? extends ServerChannel> type =
        loops.channelType() == EpollSocketChannel.class
            ? EpollServerSocketChannel.class
            : NioServerSocketChannel.class;
    try {
      Server server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .bossEventLoopGroup(loops.group())
              .workerEventLoopGroup(loops.group())
              .channelType(type)
              .directExecutor()
              .fallbackHandlerRegistry(new Any())
              .build()
              .start();
      return new NoopServer(loops, server);
    } catch (IOException | RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  public String host() {
    return InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    loops.close();
  }

  private static final class Any extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<Empty, Empty> lookupMethod(
        String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          MethodDescriptor.newBuilder(new Empties(), new Empties())
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .build(),
          (call, headers) -> {
            call.request(2);
            return new Answerer(call);
          });
    }
  }

  private enum Empty {
    MESSAGE
  }

  private static final class Answerer extends ServerCall.Listener<Empty> {
    private final ServerCall<Empty, Empty> call;

    Answerer(ServerCall<Empty, Empty> call) {
      this.call = call;
    }

    @Override
    public void onHalfClose() {
      call.sendHeaders(new Metadata());
      call.sendMessage(Empty.MESSAGE);
      call.close(Status.OK, new Metadata());
    }
  }

  private static final class Empties implements MethodDescriptor.Marshaller<Empty> {
    @Override
    public InputStream stream(Empty message) {
      return new Nothing();
    }

    @Override
    public Empty parse(InputStream stream) {
      return Empty.MESSAGE;
    }
  }

  private static final class Nothing extends ByteArrayInputStream implements KnownLength {
    Nothing() {
      super(new byte[0]);
    }
  }
}
