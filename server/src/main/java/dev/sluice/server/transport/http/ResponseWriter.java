// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.transport.http.api.ApiResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts an answer on the wire: framing headers, request id, compression where it was asked for. A
 * large body goes out piece by piece, no faster than the client takes it, so that a connection
 * never holds more of it than a piece or two. On the event loop, but for {@link #pack}.
 */
final class ResponseWriter {
  private static final String REQUEST_ID = "x-request-id";
  private static final Pattern GOOD_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");
  private static final HttpResponseStatus CLIENT_CLOSED =
      new HttpResponseStatus(499, "Client Closed Request");
  private static final int PIECE = 64 << 10;

  private final ChannelHandlerContext ctx;
  private final HttpRequest head;
  private final Shared shared;
  private @Nullable String requestId;
  private int bodyBytes;
  private @Nullable ByteBuf rest;
  private @Nullable ChannelPromise sent;
  private int written;

  ResponseWriter(ChannelHandlerContext ctx, HttpRequest head, Shared shared) {
    this.ctx = ctx;
    this.head = head;
    this.shared = shared;
  }

  /**
   * An answer whose body is as it will be sent.
   *
   * @param encoding empty for none
   */
  record Packed(ApiResponse answer, ByteBuffer body, String encoding) {}

  /** Compresses the body if that was asked for; on any thread. */
  Packed pack(ApiResponse answer) {
    ByteBuffer body = answer.body();
    String encoding = answer.compressible() ? encoding(body.remaining()) : "";
    return new Packed(
        answer, encoding.isEmpty() ? body : Compression.deflate(body, encoding), encoding);
  }

  void sendContinue() {
    var unused =
        ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
  }

  ChannelFuture send(Packed packed, boolean keepAlive) {
    HttpHeaders headers = headers(packed, keepAlive);
    HttpResponseStatus status = status(packed.answer().status());
    bodyBytes = packed.body().remaining();
    ByteBuf body =
        head.method().equals(HttpMethod.HEAD)
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(packed.body());
    if (body.readableBytes() <= PIECE) {
      return ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, status, body, headers, EmptyHttpHeaders.INSTANCE));
    }
    ChannelPromise promise = ctx.newPromise();
    rest = body;
    sent = promise;
    var unused = ctx.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
    writable();
    return promise;
  }

  /** Sends more of a large body if there is one and the connection takes it. */
  void writable() {
    ByteBuf body = rest;
    ChannelPromise promise = sent;
    if (body == null || promise == null) {
      return;
    }
    while (body.isReadable() && ctx.channel().isWritable()) {
      int size = Math.min(PIECE, body.readableBytes());
      ByteBuf piece = body.readRetainedSlice(size);
      if (body.isReadable()) {
        ctx.writeAndFlush(new DefaultHttpContent(piece))
            .addListener(done -> pieceWritten(done.isSuccess(), size, promise));
      } else {
        rest = null;
        body.release();
        var unused = ctx.writeAndFlush(new DefaultLastHttpContent(piece), promise);
      }
    }
  }

  private void pieceWritten(boolean success, int size, ChannelPromise promise) {
    written += size;
    if (!success) {
      promise.tryFailure(new ClosedChannelException());
    }
  }

  /** Nothing more will be sent. */
  void abandon() {
    ByteBuf body = rest;
    if (body != null) {
      rest = null;
      body.release();
    }
  }

  /** How much of a large body is out. */
  int written() {
    return written;
  }

  private HttpHeaders headers(Packed packed, boolean keepAlive) {
    ApiResponse answer = packed.answer();
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, packed.body().remaining());
    headers.set(REQUEST_ID, requestId());
    if (answer.compressible()) {
      headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    }
    if (!packed.encoding().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_ENCODING, packed.encoding());
    }
    answer.headers().forEach(headers::set);
    shared.cors().apply(head, headers);
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return headers;
  }

  private static HttpResponseStatus status(int code) {
    return code == CLIENT_CLOSED.code() ? CLIENT_CLOSED : HttpResponseStatus.valueOf(code);
  }

  private String encoding(int size) {
    List<String> accepted = head.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING);
    return accepted.isEmpty() || size < Compression.WORTH_IT
        ? ""
        : Compression.wanted(String.join(",", accepted));
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
