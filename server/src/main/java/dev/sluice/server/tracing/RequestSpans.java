// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.tracing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.requests.FinishedRequest;
import dev.sluice.server.requests.Spans;
import dev.sluice.server.requests.Stages;
import dev.sluice.server.telemetry.Outcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.function.LongSupplier;

/**
 * One server span for each request, below the span of the client that the headers name, and in it
 * one span for each stage. They are made when the request is over, out of the times that were taken
 * on its way.
 */
final class RequestSpans implements Spans {
  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final SpanCounts counts;
  private final NanoClock clock;
  private final LongSupplier epochNanos;

  RequestSpans(
      OpenTelemetry openTelemetry, SpanCounts counts, NanoClock clock, LongSupplier epochNanos) {
    this.tracer = openTelemetry.getTracer("dev.sluice");
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
    this.counts = counts;
    this.clock = clock;
    this.epochNanos = epochNanos;
  }

  @Override
  public String add(FinishedRequest request) {
    Context parent = propagator.extract(Context.root(), request.head(), HeaderGetter.GETTER);
    Stages stages = request.stages();
    long start = epochNanos.getAsLong() - (clock.nanoTime() - stages.startNanos());
    Span server =
        tracer
            .spanBuilder(SpanAttributes.name(request))
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAllAttributes(SpanAttributes.ofHead(request))
            .setStartTimestamp(start, NANOSECONDS)
            .startSpan();
    if (!server.isRecording()) {
      return Span.fromContext(parent).getSpanContext().isValid()
          ? server.getSpanContext().getTraceId()
          : "";
    }
    Context within = parent.with(server);
    stages.parts().forEach(part -> stage(request, part, within, start));
    server.setAllAttributes(SpanAttributes.ofEnd(request));
    if (isError(request)) {
      server.setStatus(StatusCode.ERROR, request.reason());
    }
    server.end(start + stages.totalNanos(), NANOSECONDS);
    if (server.getSpanContext().isSampled()) {
      counts.made(1 + stages.parts().size());
    }
    return server.getSpanContext().getTraceId();
  }

  private void stage(FinishedRequest request, Stages.Part part, Context within, long start) {
    SpanBuilder builder =
        tracer
            .spanBuilder(part.step().label())
            .setParent(within)
            .setStartTimestamp(start + part.fromNanos(), NANOSECONDS);
    if (part.step() == Stages.Step.COMPUTE) {
      builder.setAttribute(SpanAttributes.BATCH_ROWS, request.batchRows());
    }
    builder.startSpan().end(start + part.untilNanos(), NANOSECONDS);
  }

  /** By the conventions, a server's span is in error only for what is the server's fault. */
  private static boolean isError(FinishedRequest request) {
    Outcome outcome = request.outcome();
    if (outcome == null) {
      return false;
    }
    boolean grpc = request.head().protocol() == RequestHead.Protocol.GRPC;
    return switch (outcome) {
      case DEADLINE_PASSED, UNAVAILABLE, INTERNAL -> true;
      case UNSUPPORTED -> grpc || request.end().code() >= 500;
      case INVALID, TOO_LARGE, NOT_FOUND, WRONG_TASK, OVERLOADED, CANCELLED -> false;
    };
  }
}
