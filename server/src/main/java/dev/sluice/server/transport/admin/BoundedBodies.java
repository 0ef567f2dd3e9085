// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Puts a request together; answers 413 and hangs up on one whose body is too large. */
final class BoundedBodies extends HttpObjectAggregator {
  private final Telemetry telemetry;

  BoundedBodies(int maxBytes, Telemetry telemetry) {
    super(maxBytes, true);
    this.telemetry = telemetry;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    telemetry.limitHit(Limit.ADMIN_BODY);
    DefaultFullHttpResponse refusal =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    refusal
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, 0)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
  }
}
