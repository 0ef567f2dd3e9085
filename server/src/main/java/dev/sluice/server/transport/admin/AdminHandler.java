// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time. A client that asks again while its last answer is still
 * waiting to be sent is hung up on, so it holds at most one answer in memory. Each step (a whole
 * request coming in, an answer going out) has the same time limit, however slowly its bytes
 * trickle; idle connections go the same way. Confined to the event loop.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(AdminHandler.class);

  private final AdminRoutes routes;
  private final Duration stepLimit;
  private final Telemetry telemetry;
  private @Nullable ScheduledFuture<?> stepEnd;
  private boolean answering;

  AdminHandler(AdminRoutes routes, Duration stepLimit, Telemetry telemetry) {
    this.routes = routes;
    this.stepLimit = stepLimit;
    this.telemetry = telemetry;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    beginStep(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    endStep();
    context.fireChannelInactive();
  }

  private void beginStep(ChannelHandlerContext context) {
    endStep();
    stepEnd =
        context
            .executor()
            .schedule((Runnable) () -> tooSlow(context), stepLimit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** An idle connection has had its time like one that trickles. */
  private void tooSlow(ChannelHandlerContext context) {
    telemetry.limitHit(Limit.ADMIN_STEP);
    hangUp(context);
  }

  private void endStep() {
    if (stepEnd != null) {
      stepEnd.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (!context.channel().isActive()) {
      return;
    }
    if (answering) {
      telemetry.limitHit(Limit.ADMIN_UNREAD);
      hangUp(context);
      return;
    }
    answering = true;
    beginStep(context);
    AdminReply reply = reply(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    FullHttpResponse response = response(reply);
    HttpUtil.setKeepAlive(response, keepAlive);
    var unused =
        context
            .writeAndFlush(response)
            .addListener(
                sent -> {
                  if (!sent.isSuccess() || !keepAlive) {
                    hangUp(context);
                  } else {
                    answering = false;
                    beginStep(context);
                  }
                });
  }

  /** A close that fails has nobody to tell. */
  private static void hangUp(ChannelHandlerContext context) {
    var unused = context.close();
  }

  private AdminReply reply(FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      count(request.decoderResult().cause());
      return AdminReply.plain(400, "this is not a request that HTTP/1.1 allows");
    }
    if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
      return AdminReply.plain(403, "not for web pages");
    }
    try {
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      return routes.answer(
          new AdminRequest(
              request.method().name(),
              uri.path(),
              uri.parameters(),
              String.join(",", request.headers().getAll(HttpHeaderNames.ACCEPT)),
              request.content().toString(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException malformed) {
      return AdminReply.plain(400, "the path or the query is malformed");
    } catch (RuntimeException unforeseen) {
      log.error("the admin port failed on {}", request.method(), unforeseen);
      return AdminReply.plain(500, "failed; the log says why");
    }
  }

  private void count(Throwable malformed) {
    switch (malformed) {
      case TooLongHttpLineException line -> telemetry.limitHit(Limit.ADMIN_REQUEST_LINE);
      case TooLongHttpHeaderException headers -> telemetry.limitHit(Limit.ADMIN_HEADERS);
      default -> {}
    }
  }

  private static FullHttpResponse response(AdminReply reply) {
    ByteBuf body = Unpooled.wrappedBuffer(reply.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    response.headers().set("x-content-type-options", "nosniff");
    reply.headers().forEach((name, value) -> response.headers().set(name, value));
    HttpUtil.setContentLength(response, body.readableBytes());
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("an admin connection failed", cause);
    hangUp(context);
  }
}
