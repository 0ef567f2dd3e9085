// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.lifecycle.Drain;
import dev.sluice.server.requests.RequestLog;
import dev.sluice.server.requests.Requests;
import dev.sluice.server.tracing.Tracing;
import dev.sluice.server.tracing.TracingVariables;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who follows the requests: the log, the tracing, both, or nobody. Where nothing is traced, no
 * method of {@link Tracing} may be named but behind a check for null: the name alone would load
 * OpenTelemetry.
 */
final class RequestWiring implements Drain.Part {
  private final ExecutorService worker;
  private final NanoClock clock;
  private final @Nullable Tracing tracing;
  private final @Nullable Requests requests;

  private RequestWiring(
      ExecutorService worker,
      NanoClock clock,
      @Nullable Tracing tracing,
      @Nullable Requests requests) {
    this.worker = worker;
    this.clock = clock;
    this.tracing = tracing;
    this.requests = requests;
  }

  static RequestWiring start(
      ServerConfig.Log config, Map<String, String> environment, Threads threads, NanoClock clock) {
    RequestLog.Rules rules =
        new RequestLog.Rules(
            config.requestSample(), config.requestFailuresPerSecond(), config.requestTexts());
    Tracing tracing = tracing(new TracingVariables(environment), clock);
    if (tracing == null && rules.none()) {
      return new RequestWiring(threads.requests, clock, null, null);
    }
    RequestLog log = new RequestLog(rules, () -> ThreadLocalRandom.current().nextDouble(), clock);
    Requests requests =
        new Requests(log, tracing == null ? null : tracing.spans(), clock, threads.requests);
    // Never fails: it only writes to the log.
    var unused = threads.telemetry.scheduleWithFixedDelay(requests::tick, 1, 1, TimeUnit.SECONDS);
    return new RequestWiring(threads.requests, clock, tracing, requests);
  }

  private static @Nullable Tracing tracing(TracingVariables variables, NanoClock clock) {
    return variables.askForTraces()
        ? Tracing.start(variables, clock, RequestWiring::epochNanos).orElse(null)
        : null;
  }

  private static long epochNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  RequestTraces traces() {
    return requests == null ? RequestTraces.OFF : requests;
  }

  /** The requests are all answered; what is to be told of them is told now, or given up. */
  @Override
  public boolean finish(Duration limit) throws InterruptedException {
    long start = clock.nanoTime();
    worker.shutdown();
    boolean told = worker.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (requests != null && told) {
      requests.tick();
    }
    Duration left = limit.minusNanos(clock.nanoTime() - start);
    finishTracing(left.isNegative() ? Duration.ZERO : left);
    return true;
  }

  /** Nothing has been traced yet. */
  void close() {
    finishTracing(Duration.ZERO);
  }

  private void finishTracing(Duration limit) {
    if (tracing != null) {
      tracing.finish(limit);
    }
  }
}
