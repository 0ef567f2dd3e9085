// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.shared.SentFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that takes too long to say what it wants: the time runs from the first byte to
 * the last header of a request, whatever comes between, or from request to request where nothing
 * comes; one that keeps the server busy with frames that ask for nothing; and, politely, one that a
 * drain wants gone. Lives on the event loop of its connection.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  /** How long a client that was told to calm down has to hear it. */
  private static final long LINGER_MILLIS = 1_000;

  private final Shared shared;
  private final HttpSettings settings;
  private final OpenRequests open;
  private final FrameMeter frames = new FrameMeter();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> timer;
  private @Nullable Future<?> headersTimer;
  private boolean silent = true;
  private boolean idle;
  private boolean manyStreams;
  private boolean leaving;
  private boolean left;
  private int busy;
  private boolean calmed;
  private long periodStart;

  ConnectionWatch(Shared shared) {
    this.shared = shared;
    this.settings = shared.settings();
    this.open = shared.open();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    periodStart = ctx.executor().ticker().nanoTime();
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
    timer = stop(timer);
    headersTimer = stop(headersTimer);
    open.disconnected();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (calmed) {
      ReferenceCountUtil.release(bytes);
      return;
    }
    silent = false;
    frames.see((ByteBuf) bytes);
    if (idle && !manyStreams) {
      idle = false;
      start(settings.headerTimeout(), Limit.HTTP_HEADER_TIME);
    }
    ctx.fireChannelRead(bytes);
    if (manyStreams && ctx.channel().isActive()) {
      judge(ctx);
    }
  }

  private void judge(ChannelHandlerContext ctx) {
    if (!frames.unfinished()) {
      headersTimer = stop(headersTimer);
    } else if (headersTimer == null) {
      headersTimer =
          ctx.executor()
              .schedule(
                  () -> headersAreLate(ctx),
                  settings.headerTimeout().toNanos(),
                  TimeUnit.NANOSECONDS);
    }
    long now = ctx.executor().ticker().nanoTime();
    if (now - periodStart > settings.resetWindow().toNanos()) {
      periodStart = now;
      frames.forgive();
    }
    if (frames.controlFrames() > settings.maxControlFrames()) {
      calm(ctx, Limit.HTTP_CONTROL_FRAMES);
    } else if (frames.resets() > settings.maxResets()) {
      calm(ctx, Limit.HTTP_RESETS);
    }
    if (leaving && !left && frames.pong()) {
      left = true;
      var unused = ctx.channel().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      endIfIdle();
    }
  }

  /** Listens to the client no more, tells it why, and closes. */
  private void calm(ChannelHandlerContext ctx, Limit limit) {
    calmed = true;
    shared.hit(limit);
    start(settings.headerTimeout(), Limit.HTTP_HEADER_TIME);
    var unused =
        ctx.channel()
            .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
            .addListener(done -> closeSoon(ctx));
  }

  /** A close with unread bytes would be a reset, and take the reason from the client's hands. */
  private static void closeSoon(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof DuplexChannel socket) {
      var unused = socket.shutdownOutput();
      var unusedEnd =
          ctx.executor().schedule(() -> close(ctx), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      close(ctx);
    }
  }

  /** The connection speaks HTTP/2: from here on only the time without streams counts. */
  void manyStreams() {
    manyStreams = true;
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.pipeline().addFirst(new SentFrames(new StreamHits(shared, frames)));
    }
    frames.expectPreface();
    if (busy == 0) {
      start(settings.idleTimeout(), Limit.HTTP_IDLE);
    }
  }

  /** A request's headers are complete. */
  void requestBegan() {
    busy++;
    idle = false;
    timer = stop(timer);
  }

  /** An answer is written. */
  void requestEnded() {
    busy--;
    if (busy == 0) {
      idle = true;
      start(settings.idleTimeout(), Limit.HTTP_IDLE);
      if (left) {
        endIfIdle();
      }
    }
  }

  /**
   * A drain has begun. HTTP/2 has words for it: the client is told to open no more streams, and
   * once it has heard (its answer to a ping comes behind that) the connection ends with its last
   * stream. HTTP/1.1 has none but in an answer, so an idle connection stays until {@link
   * #endIfIdle}.
   */
  void leave() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && manyStreams && ctx.channel().isActive()) {
      leaving = true;
      Http2GoAwayFrame last = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      var first = ctx.channel().write(last.setExtraStreamIds(Integer.MAX_VALUE));
      var second = ctx.channel().writeAndFlush(new DefaultHttp2PingFrame(0));
      first.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      second.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  /** Closes the connection unless a request is open or has begun to arrive. */
  void endIfIdle() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && busy == 0 && (idle || silent || manyStreams)) {
      endPolitely(ctx);
    }
  }

  /** Through the codec: HTTP/2 says goodbye, and lets open streams finish. */
  private static void endPolitely(ChannelHandlerContext ctx) {
    var unused = ctx.channel().close();
  }

  private void start(Duration time, Limit limit) {
    timer = stop(timer);
    ChannelHandlerContext ctx = context;
    if (ctx != null && ctx.channel().isActive()) {
      timer =
          ctx.executor().schedule(() -> timeIsUp(ctx, limit), time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void headersAreLate(ChannelHandlerContext ctx) {
    shared.hit(Limit.HTTP_HEADER_TIME);
    close(ctx);
  }

  private void timeIsUp(ChannelHandlerContext ctx, Limit limit) {
    shared.hit(limit);
    endPolitely(ctx);
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  private static @Nullable Future<?> stop(@Nullable Future<?> running) {
    if (running != null) {
      running.cancel(false);
    }
    return null;
  }
}
