// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of one event loop; used on it alone, but for those before and after a run. */
final class HttpPool {
  private final NettyLoop loop;
  private final HttpTarget target;
  private final Bootstrap bootstrap;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final Deque<HttpExchange> waiting = new ArrayDeque<>();
  private final int most;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  /**
   * @param most connections; exchanges beyond wait for one
   */
  HttpPool(NettyLoop loop, Class<? extends Channel> type, HttpTarget target, int most) {
    this.most = most;
    this.loop = loop;
    this.target = target;
    this.bootstrap =
        new Bootstrap()
            .group(loop.eventLoop())
            .channel(type)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, target.connectMillis())
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (target.tls() != null) {
                      channel
                          .pipeline()
                          .addLast(
                              target
                                  .tls()
                                  .newHandler(channel.alloc(), target.certified(), target.port()));
                    }
                    HttpAnswers answers = new HttpAnswers();
                    channel.pipeline().addLast(answers.listener(), new HttpClientCodec(), answers);
                  }
                })
            .remoteAddress(InetSocketAddress.createUnresolved(target.host(), target.port()));
  }

  HttpTarget target() {
    return target;
  }

  /** A connection of its own, which nobody has given yet. */
  ChannelFuture open() {
    ChannelFuture connected = bootstrap.connect();
    Channel channel = connected.channel();
    open.add(channel);
    var unused = channel.closeFuture().addListener(closed -> gone(channel));
    return connected;
  }

  /** Gives the exchange a connection, as soon as there is one. */
  void serve(HttpExchange exchange) {
    Channel channel = idle.pollLast();
    while (channel != null && !channel.isActive()) {
      channel = idle.pollLast();
    }
    if (channel != null) {
      exchange.sendOverIdle(channel);
    } else if (open.size() < most) {
      exchange.sendOver(open());
    } else {
      waiting.addLast(exchange);
    }
  }

  /** Gives an exchange that lost its connection another, before those that have had none yet. */
  void serveAnew(HttpExchange exchange) {
    if (open.size() < most) {
      exchange.sendOver(open());
    } else {
      waiting.addFirst(exchange);
    }
  }

  void give(Channel channel) {
    if (channel.isActive()) {
      idle.addLast(channel);
      serveNext();
    }
  }

  private void gone(Channel channel) {
    open.remove(channel);
    idle.remove(channel);
    serveNext();
  }

  private void serveNext() {
    HttpExchange next = waiting.pollFirst();
    while (next != null && next.isOver()) {
      next = waiting.pollFirst();
    }
    if (next != null) {
      serve(next);
    }
  }

  void giveFromElsewhere(Channel channel) {
    loop.execute(() -> give(channel));
  }

  /** From any thread, after the run. */
  void close() {
    for (Channel channel : open) {
      var unused = channel.close();
    }
  }
}
