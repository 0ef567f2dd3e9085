// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.transport.http.api.Api;
import dev.sluice.server.transport.shared.Faults;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server, from its start to its end. Requests are handled on the event loops themselves,
 * so nothing in this package may block.
 *
 * <p>Safe for use by many threads.
 */
public final class HttpFrontEnd {
  private final EventLoopGroup loops;
  private final OpenRequests open;
  private final ChannelGroup connections;
  private final Channel listener;

  private HttpFrontEnd(
      EventLoopGroup loops, OpenRequests open, ChannelGroup connections, Channel listener) {
    this.loops = loops;
    this.open = open;
    this.connections = connections;
    this.listener = listener;
  }

  /**
   * Binds and serves.
   *
   * @param port 0 for any that is free
   * @throws IOException when the port cannot be had
   */
  public static HttpFrontEnd start(
      InetAddress address, int port, HttpSettings settings, HttpParts parts) throws IOException {
    OpenRequests open = new OpenRequests(settings.maxBufferedBytes(), settings.maxConnections());
    Api.Parts apiParts =
        new Api.Parts(
            parts.inference(),
            parts.catalog(),
            parts.clock(),
            parts.logs(),
            () -> !open.draining() && parts.catalog().ready(),
            parts.serverVersion(),
            settings.maxTensors(),
            settings.maxEmbedInputs());
    Api api = new Api(apiParts, new Faults(parts.errorIds(), parts.telemetry()));
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    boolean epoll = Epoll.isAvailable();
    int threads = settings.eventLoopThreads();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
            new DefaultThreadFactory("sluice-http-io", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connections(new Shared(settings, parts, api, open), connections))
            .bind(new InetSocketAddress(address, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(loops);
      throw new IOException("cannot listen on port " + port, bound.cause());
    }
    return new HttpFrontEnd(loops, open, connections, bound.channel());
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Readiness says no from here on, and answers close their connections. */
  public void beginDrain() {
    open.drain();
  }

  /**
   * Takes no new connection, lets requests that are open finish, and closes what is left when the
   * grace is over.
   *
   * @return whether every request could finish
   */
  public boolean shutdown(Duration grace) throws InterruptedException {
    beginDrain();
    listener.close().awaitUninterruptibly();
    connections.forEach(HttpFrontEnd::sayGoodbye);
    try {
      return open.awaitNone(grace);
    } finally {
      connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
      stop(loops);
    }
  }

  private static void sayGoodbye(Channel connection) {
    if (connection.pipeline().get(Http2FrameCodec.class) != null) {
      var unused = connection.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }
  }

  private static void stop(EventLoopGroup loops) {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
