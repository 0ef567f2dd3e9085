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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop; used on it alone, but for those before and after a run. */
final class HttpPool {
  private final NettyLoop loop;
  private final HttpTarget target;
  private final Bootstrap bootstrap;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  HttpPool(NettyLoop loop, Class<? extends Channel> type, HttpTarget target) {
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
                                  .newHandler(channel.alloc(), target.host(), target.port()));
                    }
                    channel.pipeline().addLast(new HttpClientCodec(), new HttpAnswers());
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
    channel.closeFuture().addListener(closed -> open.remove(channel));
    return connected;
  }

  /** One that is at rest; null: there is none. */
  @Nullable Channel take() {
    Channel channel = idle.pollLast();
    while (channel != null && !channel.isActive()) {
      channel = idle.pollLast();
    }
    return channel;
  }

  void give(Channel channel) {
    if (channel.isActive()) {
      idle.addLast(channel);
    }
  }

  void giveFromElsewhere(Channel channel) {
    loop.execute(() -> give(channel));
  }

  Stream<Channel> all() {
    return open.stream();
  }
}
