// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** How many spans were made, and how many reached an exporter's other end. For any thread. */
final class SpanCounts {
  private final LongAdder made = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final List<String> exporters = new CopyOnWriteArrayList<>();

  void made(int spans) {
    made.add(spans);
  }

  long sent() {
    return sent.sum();
  }

  /** Dropped for want of room, refused by the collector, or still on the way. */
  long lost() {
    return Math.max(0, made.sum() * Math.max(1, exporters.size()) - sent());
  }

  /** What kinds there are; what they say of themselves may hold secrets of an endpoint. */
  List<String> exporters() {
    return exporters;
  }

  /** The exporter, counted. */
  SpanExporter of(SpanExporter exporter) {
    exporters.add(exporter.getClass().getSimpleName());
    return new Counted(exporter);
  }

  private final class Counted implements SpanExporter {
    private final SpanExporter exporter;

    Counted(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size();
      CompletableResultCode result = exporter.export(spans);
      return result.whenComplete(
          () -> {
            if (result.isSuccess()) {
              sent.add(count);
            }
          });
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }

    @Override
    public String toString() {
      return exporter.toString();
    }
  }
}
