// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A collector on the loopback that takes traces by OTLP over HTTP. It reads the messages by the
 * numbers of their fields, so that no generated code of OpenTelemetry can agree with itself.
 */
final class OtlpCollector implements AutoCloseable {
  /** A span as it came over the wire; status 2 is an error. */
  record ReceivedSpan(
      String traceId,
      String spanId,
      String parentId,
      String traceState,
      String name,
      long kind,
      long start,
      long end,
      Map<String, Object> attributes,
      long status) {
    @Nullable Object attribute(String key) {
      return attributes.get(key);
    }

    boolean within(ReceivedSpan outer) {
      return outer.start <= start && start <= end && end <= outer.end;
    }
  }

  private final HttpServer server;
  private final Queue<ReceivedSpan> spans = new ConcurrentLinkedQueue<>();
  private volatile Map<String, Object> resource = Map.of();

  OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What the sender says of itself. */
  Map<String, Object> resource() {
    return resource;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      UnknownFieldSet request = UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
      for (UnknownFieldSet resourceSpans : messages(request, 1)) {
        resource = attributes(messages(resourceSpans, 1).get(0), 1);
        for (UnknownFieldSet scopeSpans : messages(resourceSpans, 2)) {
          messages(scopeSpans, 2).forEach(span -> spans.add(span(span)));
        }
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Everything that has come so far. */
  List<ReceivedSpan> spans() {
    return List.copyOf(spans);
  }

  private static ReceivedSpan span(UnknownFieldSet span) {
    List<UnknownFieldSet> status = messages(span, 15);
    return new ReceivedSpan(
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        text(span, 3),
        text(span, 5),
        number(span, 6),
        span.getField(7).getFixed64List().get(0),
        span.getField(8).getFixed64List().get(0),
        attributes(span, 9),
        status.isEmpty() ? 0 : number(status.get(0), 3));
  }

  private static Map<String, Object> attributes(UnknownFieldSet message, int field) {
    Map<String, Object> attributes = new TreeMap<>();
    for (UnknownFieldSet pair : messages(message, field)) {
      UnknownFieldSet value = messages(pair, 2).get(0);
      attributes.put(text(pair, 1), value.hasField(3) ? number(value, 3) : text(value, 1));
    }
    return attributes;
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
    List<UnknownFieldSet> inner = new ArrayList<>();
    try {
      for (ByteString bytes : message.getField(field).getLengthDelimitedList()) {
        inner.add(UnknownFieldSet.parseFrom(bytes));
      }
    } catch (IOException malformed) {
      throw new AssertionError("field " + field + " is no message", malformed);
    }
    return inner;
  }

  private static ByteString bytes(UnknownFieldSet message, int field) {
    List<ByteString> all = message.getField(field).getLengthDelimitedList();
    return all.isEmpty() ? ByteString.EMPTY : all.get(0);
  }

  private static String text(UnknownFieldSet message, int field) {
    return bytes(message, field).toStringUtf8();
  }

  private static String hex(UnknownFieldSet message, int field) {
    return HexFormat.of().formatHex(bytes(message, field).toByteArray());
  }

  private static long number(UnknownFieldSet message, int field) {
    List<Long> all = message.getField(field).getVarintList();
    return all.isEmpty() ? 0 : all.get(0);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
