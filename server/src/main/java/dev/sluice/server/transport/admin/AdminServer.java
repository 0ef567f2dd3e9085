// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The admin port: one event loop, apart from those of the public ports. */
public final class AdminServer implements AutoCloseable {
  private static final int CHUNK = 4096;

  private final EventLoopGroup loop;
  private final Channel listener;

  private AdminServer(EventLoopGroup loop, Channel listener) {
    this.loop = loop;
    this.listener = listener;
  }

  /**
   * Listens and answers at once.
   *
   * @param port 0 for any free one
   * @throws IOException when the port cannot be had
   */
  public static AdminServer start(
      InetAddress host, int port, AdminSettings settings, AdminParts parts) throws IOException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sluice-admin-io", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Connections(settings, parts, loop))
            .bind(new InetSocketAddress(host, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(loop);
      throw new IOException("the admin port cannot be had", bound.cause());
    }
    return new AdminServer(loop, bound.channel());
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** What Netty holds outside of the heap, for all transports. */
  public static long networkBufferBytes() {
    return Math.max(0, PlatformDependent.usedDirectMemory());
  }

  /** Closes every connection. */
  @Override
  public void close() {
    stop(loop);
  }

  private static void stop(EventLoopGroup loop) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /** Sets up each connection, or closes it when there are too many. On the event loop. */
  private static final class Connections extends ChannelInitializer<Channel> {
    private final AdminSettings settings;
    private final AdminRoutes routes;
    private final Telemetry telemetry;
    private final ChannelGroup open;

    Connections(AdminSettings settings, AdminParts parts, EventLoopGroup loop) {
      this.settings = settings;
      this.routes = new AdminRoutes(parts);
      this.telemetry = parts.telemetry();
      this.open = new DefaultChannelGroup(loop.next());
    }

    @Override
    protected void initChannel(Channel channel) {
      if (open.size() >= settings.maxConnections()) {
        telemetry.limitHit(Limit.ADMIN_CONNECTIONS);
        var unused = channel.close();
        return;
      }
      open.add(channel);
      channel
          .pipeline()
          .addLast(new HttpServerCodec(settings.maxLineBytes(), settings.maxHeaderBytes(), CHUNK))
          .addLast(new BoundedBodies(settings.maxBodyBytes(), telemetry))
          .addLast(new AdminHandler(routes, settings.stepLimit(), telemetry));
    }
  }
}
