// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Reads the answers of one connection for the exchange that it has. Used on its event loop. */
final class HttpAnswers extends SimpleChannelInboundHandler<HttpObject> {
  private @Nullable HttpExchange exchange;
  private boolean reusable;
  private boolean heard;

  void expect(HttpExchange next) {
    exchange = next;
    heard = false;
  }

  /** Stands before the decoder, which says nothing of half a head. */
  ChannelHandler listener() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        heard = true;
        ctx.fireChannelRead(bytes);
      }
    };
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    HttpExchange current = exchange;
    if (current == null || part.decoderResult().isFailure()) {
      end("the answer is not HTTP");
      close(ctx);
      return;
    }
    if (part instanceof HttpResponse head) {
      reusable = HttpUtil.isKeepAlive(head);
      current.head(head.status().code());
    }
    if (part instanceof HttpContent content && !current.body(content.content())) {
      end("the answer is larger than max-recv-message-size");
      close(ctx);
      return;
    }
    if (part instanceof LastHttpContent) {
      exchange = null;
      if (!reusable) {
        close(ctx);
      }
      current.answered(reusable ? ctx.channel() : null);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost("the connection was closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost(Reasons.of(cause));
    close(ctx);
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  private void lost(String why) {
    HttpExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.lost(why, heard);
    }
  }

  private void end(String why) {
    HttpExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.broken(why);
    }
  }
}
