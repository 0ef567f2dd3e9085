// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.batching.NanoClock;
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
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The HTTP server, from its start to its end. Requests are handled on the event loops themselves,
 * so nothing in this package may block.
 *
 * <p>Safe for use by many threads.
 */
public final class HttpFrontEnd {
  /** Far more than the time between two requests of a busy client. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final EventLoopGroup loops;
  private final OpenRequests open;
  private final ChannelGroup connections;
  private final Channel listener;
  private final NanoClock clock;

  private HttpFrontEnd(
      EventLoopGroup loops,
      OpenRequests open,
      ChannelGroup connections,
      Channel listener,
      NanoClock clock) {
    this.loops = loops;
    this.open = open;
    this.connections = connections;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Binds and serves.
   *
   * @param port 0 for any that is free
   * @throws IOException when the port cannot be had
   */
  public static HttpFrontEnd start(
      InetAddress address, int port, HttpSettings settings, HttpParts parts) throws IOException {
    Shared shared = shared(settings, parts);
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
            .childHandler(new Connections(shared, connections))
            .bind(new InetSocketAddress(address, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(loops);
      throw new IOException("cannot listen on port " + port, bound.cause());
    }
    return new HttpFrontEnd(loops, shared.open(), connections, bound.channel(), parts.clock());
  }

  static Shared shared(HttpSettings settings, HttpParts parts) {
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
    return new Shared(settings, parts, api, open, new Cors(settings.corsOrigins()));
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** What is open and held now. */
  OpenRequests open() {
    return open;
  }

  /** Readiness says no from here on, and answers close their connections. */
  public void beginDrain() {
    open.drain();
  }

  /**
   * Takes no new connection, tells clients to go, lets requests that are open or on their way
   * finish, and closes what is left when the grace is over.
   *
   * @return whether every request could finish
   */
  public boolean shutdown(Duration grace) throws InterruptedException {
    long end = clock.nanoTime() + grace.toNanos();
    beginDrain();
    listener.close().awaitUninterruptibly();
    each(ConnectionWatch::leave);
    try {
      open.awaitNone(left(end));
      // Nothing tells an idle HTTP/1.1 client to go. What it sends now is still answered.
      Duration settle = left(end);
      open.awaitNoConnection(settle.compareTo(SETTLE) < 0 ? settle : SETTLE);
      each(ConnectionWatch::endIfIdle);
      return open.awaitNone(left(end));
    } finally {
      connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
      stop(loops);
    }
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - clock.nanoTime()));
  }

  /** On each connection's own event loop; returns when all are through. */
  private void each(Consumer<ConnectionWatch> step) {
    List<Future<?>> steps = new ArrayList<>();
    for (Channel connection : connections) {
      ConnectionWatch watch = connection.pipeline().get(ConnectionWatch.class);
      if (watch != null) {
        steps.add(connection.eventLoop().submit(() -> step.accept(watch)));
      }
    }
    steps.forEach(Future::awaitUninterruptibly);
  }

  private static void stop(EventLoopGroup loops) {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
