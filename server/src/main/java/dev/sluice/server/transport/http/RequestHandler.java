// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one HTTP/1.1 connection, one after the other, or the one of an HTTP/2 stream.
 * What a client pipelines waits here, and the connection is not read further, until the request
 * before it is answered. Lives on the event loop of its connection.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
  private final Shared shared;
  private final ConnectionWatch watch;
  private final boolean stream;
  private final Deque<Object> waiting = new ArrayDeque<>();
  private @Nullable RequestLife current;
  private boolean closing;

  /**
   * @param stream whether this is an HTTP/2 stream
   */
  RequestHandler(Shared shared, ConnectionWatch watch, boolean stream) {
    this.shared = shared;
    this.watch = watch;
    this.stream = stream;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    RequestLife life = current;
    if (closing && (life == null || life.complete())) {
      ReferenceCountUtil.release(message);
    } else if (life != null && life.complete()) {
      waiting.add(message);
      ctx.channel().config().setAutoRead(false);
      if (!closing && waiting.size() >= mostWaiting()) {
        closing = true;
        shared.hit(Limit.HTTP_PIPELINED);
      }
    } else {
      take(ctx, message);
    }
  }

  /**
   * Messages, two for a request without a body, that may wait. Behind that many the connection is
   * not listened to any more; what waits is answered and the connection closed.
   */
  private int mostWaiting() {
    return 2 * shared.settings().maxPipelined();
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest head) {
        current = new RequestLife(shared, ctx, head, stream, this::ended);
        watch.requestBegan();
        current.begin();
      }
      RequestLife life = current;
      if (life != null && message instanceof HttpContent content) {
        life.content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void ended(ChannelHandlerContext ctx, boolean keepAlive) {
    current = null;
    watch.requestEnded();
    if (!keepAlive) {
      closing = true;
      drop();
      var unused = ctx.close();
      return;
    }
    while (!waiting.isEmpty()) {
      RequestLife next = current;
      if (next != null && next.complete()) {
        return;
      }
      take(ctx, waiting.remove());
    }
    RequestLife last = current;
    if (closing && (last == null || !last.complete())) {
      var unused = ctx.close();
      return;
    }
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    RequestLife life = current;
    if (life != null) {
      life.writable();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    boolean upgraded =
        event instanceof HttpServerUpgradeHandler.UpgradeEvent
            || event instanceof CleartextHttp2ServerUpgradeHandler.PriorKnowledgeUpgradeEvent;
    if (upgraded && !stream) {
      watch.manyStreams();
      ctx.pipeline().replace(this, null, new ConnectionFrames());
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    drop();
    RequestLife life = current;
    if (life != null) {
      current = null;
      life.abandon();
      watch.requestEnded();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What reaches this place is a broken or reset connection: nobody is left to be answered.
    var unused = ctx.close();
  }

  private void drop() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }
}
