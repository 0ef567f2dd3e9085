// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that takes too long to say what it wants: the time runs from the first byte
 * to the last header of a request, whatever comes between, or from request to request where nothing
 * comes. Lives on the event loop of its connection.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  private final HttpSettings settings;
  private final OpenRequests open;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> timer;
  private boolean idle;
  private boolean manyStreams;
  private int busy;

  ConnectionWatch(HttpSettings settings, OpenRequests open) {
    this.settings = settings;
    this.open = open;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!open.connected()) {
      close(ctx);
      return;
    }
    start(settings.headerTimeout());
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    open.disconnected();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (idle && !manyStreams) {
      idle = false;
      start(settings.headerTimeout());
    }
    ctx.fireChannelRead(bytes);
  }

  /** The connection speaks HTTP/2: from here on only the time without streams counts. */
  void manyStreams() {
    manyStreams = true;
    if (busy == 0) {
      start(settings.idleTimeout());
    }
  }

  /** A request's headers are complete. */
  void requestBegan() {
    busy++;
    idle = false;
    stop();
  }

  /** An answer is written. */
  void requestEnded() {
    busy--;
    if (busy == 0) {
      idle = true;
      start(settings.idleTimeout());
    }
  }

  private void start(Duration limit) {
    stop();
    ChannelHandlerContext ctx = context;
    if (ctx != null && ctx.channel().isActive()) {
      timer = ctx.executor().schedule(() -> close(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  private void stop() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
