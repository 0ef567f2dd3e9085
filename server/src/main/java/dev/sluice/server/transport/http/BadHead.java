// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.api.StatusException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Refuses request lines and headers that are malformed or too long. */
final class BadHead {
  private BadHead() {}

  static void check(HttpRequest head) {
    if (!head.decoderResult().isFailure()) {
      return;
    }
    throw switch (head.decoderResult().cause()) {
      case TooLongHttpLineException line ->
          new StatusException(414, "the URI is too long", Limit.HTTP_REQUEST_LINE);
      case TooLongHttpHeaderException headers ->
          new StatusException(431, "the headers are too large", Limit.HTTP_HEADERS);
      default -> new StatusException(400, "the request is not valid HTTP");
    };
  }
}
