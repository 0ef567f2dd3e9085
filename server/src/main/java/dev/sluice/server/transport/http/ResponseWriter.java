// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.transport.http.api.ApiResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts an answer on the wire: framing headers, request id, compression where it was asked for. */
final class ResponseWriter {
  private static final String REQUEST_ID = "x-request-id";
  private static final Pattern GOOD_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");
  private static final HttpResponseStatus CLIENT_CLOSED =
      new HttpResponseStatus(499, "Client Closed Request");

  private final ChannelHandlerContext ctx;
  private final HttpRequest head;
  private final Shared shared;
  private @Nullable String requestId;
  private int bodyBytes;

  ResponseWriter(ChannelHandlerContext ctx, HttpRequest head, Shared shared) {
    this.ctx = ctx;
    this.head = head;
    this.shared = shared;
  }

  void sendContinue() {
    var unused =
        ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
  }

  ChannelFuture send(ApiResponse answer, boolean keepAlive) {
    ByteBuffer body = answer.body();
    String encoding = answer.compressible() ? encoding(body.remaining()) : "";
    if (!encoding.isEmpty()) {
      body = Compression.deflate(body, encoding);
    }
    bodyBytes = body.remaining();
    boolean bodiless = head.method().equals(HttpMethod.HEAD);
    ByteBuf content = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(answer.status()), content);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, body.remaining());
    headers.set(REQUEST_ID, requestId());
    if (answer.compressible()) {
      headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    }
    if (!encoding.isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_ENCODING, encoding);
    }
    answer.headers().forEach(headers::set);
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return ctx.writeAndFlush(response);
  }

  private static HttpResponseStatus status(int code) {
    return code == CLIENT_CLOSED.code() ? CLIENT_CLOSED : HttpResponseStatus.valueOf(code);
  }

  private String encoding(int size) {
    String accepted = head.headers().get(HttpHeaderNames.ACCEPT_ENCODING);
    return accepted == null || size < Compression.WORTH_IT ? "" : Compression.wanted(accepted);
  }

  /** The client's own, else one that is made for the answer. */
  String requestId() {
    String id = requestId;
    if (id == null) {
      String given = head.headers().get(REQUEST_ID);
      id =
          given != null && GOOD_ID.matcher(given).matches()
              ? given
              : shared.parts().errorIds().get();
      requestId = id;
    }
    return id;
  }

  /** How long the body of the answer was, compressed if it was. */
  int bodyBytes() {
    return bodyBytes;
  }
}
