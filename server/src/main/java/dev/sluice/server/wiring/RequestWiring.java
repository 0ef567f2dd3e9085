// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.lifecycle.Drain;
import dev.sluice.server.requests.RequestLog;
import dev.sluice.server.requests.Requests;
import dev.sluice.server.requests.Spans;
import dev.sluice.server.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who follows the requests: the log, the tracing, both, or nobody. */
final class RequestWiring implements Drain.Part {
  private final ExecutorService worker;
  private final NanoClock clock;
  private final Optional<Tracing> tracing;
  private final @Nullable Requests requests;

  private RequestWiring(
      ExecutorService worker,
      NanoClock clock,
      Optional<Tracing> tracing,
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
    Optional<Tracing> tracing = Tracing.start(environment, clock, RequestWiring::epochNanos);
    if (tracing.isEmpty() && rules.none()) {
      return new RequestWiring(threads.requests, clock, tracing, null);
    }
    RequestLog log = new RequestLog(rules, () -> ThreadLocalRandom.current().nextDouble(), clock);
    @Nullable Spans spans = tracing.map(Tracing::spans).orElse(null);
    Requests requests = new Requests(log, spans, clock, threads.requests);
    // Never fails: it only writes to the log.
    var unused = threads.telemetry.scheduleWithFixedDelay(requests::tick, 1, 1, TimeUnit.SECONDS);
    return new RequestWiring(threads.requests, clock, tracing, requests);
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
    worker.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (requests != null) {
      requests.tick();
    }
    Duration left = limit.minusNanos(clock.nanoTime() - start);
    tracing.ifPresent(spans -> spans.finish(left.isNegative() ? Duration.ZERO : left));
    return true;
  }

  /** Nothing has been traced yet. */
  void close() {
    tracing.ifPresent(spans -> spans.finish(Duration.ZERO));
  }
}
