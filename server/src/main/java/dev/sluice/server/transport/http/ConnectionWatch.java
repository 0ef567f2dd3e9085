// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.shared.SentFrames;
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
  private final Shared shared;
  private final HttpSettings settings;
  private final OpenRequests open;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> timer;
  private boolean idle;
  private boolean manyStreams;
  private int busy;

  ConnectionWatch(Shared shared) {
    this.shared = shared;
    this.settings = shared.settings();
    this.open = shared.open();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!open.connected()) {
      shared.hit(Limit.HTTP_CONNECTIONS);
      close(ctx);
      return;
    }
    start(settings.headerTimeout(), Limit.HTTP_HEADER_TIME);
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
      start(settings.headerTimeout(), Limit.HTTP_HEADER_TIME);
    }
    ctx.fireChannelRead(bytes);
  }

  /** The connection speaks HTTP/2: from here on only the time without streams counts. */
  void manyStreams() {
    manyStreams = true;
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.pipeline().addFirst(new SentFrames(new StreamHits(shared)));
    }
    if (busy == 0) {
      start(settings.idleTimeout(), Limit.HTTP_IDLE);
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
      start(settings.idleTimeout(), Limit.HTTP_IDLE);
    }
  }

  private void start(Duration time, Limit limit) {
    stop();
    ChannelHandlerContext ctx = context;
    if (ctx != null && ctx.channel().isActive()) {
      timer =
          ctx.executor().schedule(() -> timeIsUp(ctx, limit), time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void timeIsUp(ChannelHandlerContext ctx, Limit limit) {
    shared.hit(limit);
    close(ctx);
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
