// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.core.RequestHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request, for whoever follows it. */
record HttpHead(String method, String path, HttpHeaders headers, @Nullable SocketAddress peer)
    implements RequestHead {
  private static final String PROBES = "/v2/health/";

  static HttpHead of(HttpRequest head, String path, @Nullable SocketAddress peer) {
    return new HttpHead(head.method().name(), path, head.headers(), peer);
  }

  /** There are many, and they say nothing. */
  boolean probe() {
    return path.startsWith(PROBES);
  }

  @Override
  public Protocol protocol() {
    return Protocol.HTTP;
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }
}
