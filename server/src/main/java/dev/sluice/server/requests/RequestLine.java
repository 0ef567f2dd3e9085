// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.telemetry.ModelLabels;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The fields of the log line of a request; what is not known is left out. */
final class RequestLine {
  /** Of what a client may choose freely. */
  static final int LONGEST = 256;

  private static final int LONGEST_REASON = 1024;

  private final Map<String, Object> fields = new LinkedHashMap<>();

  private RequestLine() {}

  static Map<String, Object> of(FinishedRequest request, String traceId) {
    RequestLine line = new RequestLine();
    line.head(request, traceId);
    line.model(request);
    line.times(request.stages());
    line.tail(request);
    return line.fields;
  }

  private void head(FinishedRequest request, String traceId) {
    RequestHead head = request.head();
    text("protocol", head.protocol() == RequestHead.Protocol.GRPC ? "grpc" : "http");
    text("method", head.method());
    text("path", head.path());
    fields.put("status", request.end().code());
    text("outcome", request.outcomeLabel());
    text("request_id", request.knownAs());
    text("trace_id", traceId);
  }

  private void model(FinishedRequest request) {
    ModelLabels model = request.model();
    ModelRef asked = request.asked();
    if (model != null) {
      text("model", model.model());
      text("version", model.version());
      text("variant", model.variant());
    } else if (asked != null) {
      text("model", asked.name());
      text("version", asked.version());
      text("variant", asked.variant());
    }
    count("rows", request.rows());
    count("tokens", request.tokens());
    count("batch_rows", request.batchRows());
  }

  private void times(Stages stages) {
    for (Stages.Part part : stages.parts()) {
      fields.put(part.step().label() + "_us", TimeUnit.NANOSECONDS.toMicros(part.nanos()));
    }
    fields.put("total_us", TimeUnit.NANOSECONDS.toMicros(stages.totalNanos()));
  }

  private void tail(FinishedRequest request) {
    RequestEnd end = request.end();
    count("bytes_in", end.bytesIn());
    count("bytes_out", end.bytesOut());
    text("peer", peer(request.head()));
    text("tenant", request.tenant());
    if (request.outcome() != null) {
      String reason = LoggedTexts.cut(request.reason(), LONGEST_REASON);
      if (!reason.isEmpty()) {
        fields.put("reason", reason);
      }
      text("error_id", request.errorId());
    }
    if (!request.texts().isEmpty()) {
      fields.put("texts", request.texts());
    }
  }

  private void text(String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, LoggedTexts.cut(value, LONGEST));
    }
  }

  private void count(String name, long value) {
    if (value > 0) {
      fields.put(name, value);
    }
  }

  /** The address as numbers: a name would have to be looked up. */
  private static String peer(RequestHead head) {
    return head.peer() instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress() + ":" + address.getPort()
        : "";
  }
}
