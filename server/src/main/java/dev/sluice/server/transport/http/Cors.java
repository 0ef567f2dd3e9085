// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells browsers which web pages may read answers: those of the origins that the operator lists, or
 * all with {@code *}. With none listed, the default, it says nothing, which means none. Immutable.
 */
final class Cors {
  private static final String MAX_AGE_SECONDS = "600";
  private static final String EXPOSED =
      "x-request-id, sluice-variant, inference-header-content-length, retry-after, retry-after-ms,"
          + " x-should-retry";
  private static final Pattern HEADER_NAMES =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \\t]*,[ \\t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*+");
  private static final int LONGEST_LIST = 1024;

  private final List<String> origins;
  private final boolean any;

  Cors(List<String> origins) {
    this.origins = origins.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
    this.any = origins.contains("*");
  }

  void apply(HttpRequest request, HttpHeaders answer) {
    if (origins.isEmpty()) {
      return;
    }
    if (!any) {
      answer.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin == null || !(any || origins.contains(origin.toLowerCase(Locale.ROOT)))) {
      return;
    }
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, any ? "*" : origin);
    answer.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    String asked = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    if (request.method().equals(HttpMethod.OPTIONS) && asked != null) {
      preflight(request, answer);
    }
  }

  private static void preflight(HttpRequest request, HttpHeaders answer) {
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST");
    answer.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    String names = request.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
    if (names != null && names.length() <= LONGEST_LIST && HEADER_NAMES.matcher(names).matches()) {
      answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
  }
}
