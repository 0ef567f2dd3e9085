// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

/** The forms that a request line may name its target in. */
final class RequestTarget {
  private RequestTarget() {}

  /** The path, not decoded, without scheme, authority and query. */
  static String path(String target) {
    int start = 0;
    if (target.startsWith("http://") || target.startsWith("https://")) {
      start = target.indexOf('/', target.indexOf("//") + 2);
    }
    int query = target.indexOf('?');
    if (start < 0 || (query >= 0 && query < start)) {
      return "/";
    }
    return target.substring(start, query < 0 ? target.length() : query);
  }
}
