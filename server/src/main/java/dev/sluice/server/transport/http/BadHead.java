// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.api.StatusException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Refuses request lines, headers and chunks that are malformed or too long. */
final class BadHead {
  private BadHead() {}

  static void check(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      throw switch (head.decoderResult().cause()) {
        case TooLongHttpLineException line ->
            new StatusException(414, "the URI is too long", Limit.HTTP_REQUEST_LINE);
        case TooLongHttpHeaderException headers ->
            new StatusException(431, "the headers are too large", Limit.HTTP_HEADERS);
        default -> new StatusException(400, "the request is not valid HTTP");
      };
    }
    // Two of them, and none: two parties could take the request for two different ones.
    int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && head.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
      throw new StatusException(400, "one Host header is needed");
    }
  }

  /** -1 where none is given. */
  static long contentLength(HttpRequest head) {
    try {
      return HttpUtil.getContentLength(head, -1L);
    } catch (NumberFormatException none) {
      throw new StatusException(400, "Content-Length must be a number");
    }
  }

  static void checkChunk(HttpContent chunk) {
    if (chunk.decoderResult().isFailure()) {
      throw new StatusException(400, "the chunks of the body are not valid HTTP");
    }
  }
}
