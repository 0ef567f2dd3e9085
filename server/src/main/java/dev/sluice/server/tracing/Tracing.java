// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.requests.Spans;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of spans out of the process, as the usual environment variables describe it: a bounded
 * queue, a thread that sends what is in it, and the loss of what does not fit. A collector that is
 * slow, gone or wrong costs spans and never a request.
 */
public final class Tracing {
  private static final Logger log = LoggerFactory.getLogger(Tracing.class);

  /** What a collector that does not answer may hold up the end of the process for. */
  private static final Duration LONGEST_FLUSH = Duration.ofSeconds(5);

  private final OpenTelemetrySdk sdk;
  private final SpanCounts counts;
  private final RequestSpans spans;

  private Tracing(OpenTelemetrySdk sdk, SpanCounts counts, RequestSpans spans) {
    this.sdk = sdk;
    this.counts = counts;
    this.spans = spans;
  }

  /**
   * Empty, with the reason in the log, where what the variables ask for cannot be had.
   *
   * @param epochNanos the time of day, since 1970
   */
  public static Optional<Tracing> start(
      TracingVariables variables, NanoClock clock, LongSupplier epochNanos) {
    String unsupported = variables.unsupported();
    if (!unsupported.isEmpty()) {
      log.error("no traces: {}", unsupported);
      return Optional.empty();
    }
    try {
      SpanCounts counts = new SpanCounts();
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(variables::defaults)
              .addPropertiesCustomizer(given -> variables.properties())
              .addSpanExporterCustomizer((exporter, given) -> counts.of(exporter))
              .build()
              .getOpenTelemetrySdk();
      log.info("requests are traced: {}", counts.exporters());
      RequestSpans spans = new RequestSpans(sdk, counts, clock, epochNanos);
      return Optional.of(new Tracing(sdk, counts, spans));
    } catch (RuntimeException | LinkageError | ServiceConfigurationError unusable) {
      log.error("no traces, as the OTEL_ variables cannot be used: {}", unusable.getMessage());
      return Optional.empty();
    }
  }

  public Spans spans() {
    return spans;
  }

  /** Sends what is left, for as long as that may take. */
  public void finish(Duration limit) {
    Duration most = limit.compareTo(LONGEST_FLUSH) < 0 ? limit : LONGEST_FLUSH;
    boolean done =
        sdk.getSdkTracerProvider()
            .shutdown()
            .join(most.toNanos(), TimeUnit.NANOSECONDS)
            .isSuccess();
    long lost = counts.lost();
    if (!done || lost > 0) {
      log.warn("{} spans were sent, {} were not", counts.sent(), lost);
    }
  }
}
