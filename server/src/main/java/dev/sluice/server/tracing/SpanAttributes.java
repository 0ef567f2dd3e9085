// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import dev.sluice.server.core.RequestHead;
import dev.sluice.server.requests.FinishedRequest;
import dev.sluice.server.telemetry.ModelLabels;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Attributes by OpenTelemetry's semantic conventions for HTTP and RPC servers, and Sluice's own
 * under {@code sluice.}. What a client may choose freely is cut.
 */
final class SpanAttributes {
  static final String BATCH_ROWS = "sluice.batch.rows";

  /** The verbs that the convention knows; any other could be of any length and number. */
  private static final Set<String> VERBS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private static final int LONGEST = 256;

  private SpanAttributes() {}

  /** {@code POST /v1/embeddings}, or {@code package.Service/Method}. */
  static String name(FinishedRequest request) {
    RequestHead head = request.head();
    if (head.protocol() == RequestHead.Protocol.GRPC) {
      return cut(head.method());
    }
    String verb = verb(head);
    String known = verb.equals("_OTHER") ? "HTTP" : verb;
    return request.route().isEmpty() ? known : known + " " + request.route();
  }

  /** What is known when a request begins, which samplers may go by. */
  static Attributes ofHead(FinishedRequest request) {
    RequestHead head = request.head();
    AttributesBuilder out = Attributes.builder();
    if (head.protocol() == RequestHead.Protocol.GRPC) {
      int slash = head.method().lastIndexOf('/');
      out.put("rpc.system", "grpc");
      out.put("rpc.service", cut(head.method().substring(0, Math.max(0, slash))));
      out.put("rpc.method", cut(head.method().substring(slash + 1)));
    } else {
      out.put("http.request.method", verb(head));
      out.put("url.scheme", "http");
      out.put("url.path", cut(head.path()));
      put(out, "http.route", request.route());
    }
    if (head.peer() instanceof InetSocketAddress peer && peer.getAddress() != null) {
      out.put("client.address", peer.getAddress().getHostAddress());
      out.put("client.port", peer.getPort());
    }
    return out.build();
  }

  static Attributes ofEnd(FinishedRequest request) {
    boolean grpc = request.head().protocol() == RequestHead.Protocol.GRPC;
    AttributesBuilder out = Attributes.builder();
    out.put(grpc ? "rpc.grpc.status_code" : "http.response.status_code", request.end().code());
    out.put("sluice.outcome", request.outcomeLabel());
    if (request.outcome() != null) {
      out.put("error.type", request.outcomeLabel());
      put(out, "sluice.error_id", request.errorId());
    }
    put(out, "sluice.request_id", request.knownAs());
    put(out, "sluice.tenant", request.tenant());
    ModelLabels model = request.model();
    if (model != null) {
      out.put("sluice.model", model.model());
      out.put("sluice.version", model.version());
      out.put("sluice.variant", model.variant());
    } else if (request.asked() != null) {
      put(out, "sluice.model", request.asked().name());
    }
    count(out, "sluice.rows", request.rows());
    count(out, "sluice.tokens", request.tokens());
    count(out, BATCH_ROWS, request.batchRows());
    if (!grpc) {
      count(out, "http.request.body.size", request.end().bytesIn());
      count(out, "http.response.body.size", request.end().bytesOut());
    }
    return out.build();
  }

  private static String verb(RequestHead head) {
    return VERBS.contains(head.method()) ? head.method() : "_OTHER";
  }

  private static void put(AttributesBuilder out, String key, String value) {
    if (!value.isEmpty()) {
      out.put(key, cut(value));
    }
  }

  private static void count(AttributesBuilder out, String key, long value) {
    if (value > 0) {
      out.put(key, value);
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
