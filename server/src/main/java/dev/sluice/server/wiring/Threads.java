// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.ThreadTimer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of a server that is not an event loop. {@code docs/architecture.md} says what each
 * may do.
 */
final class Threads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Threads.class);

  private static final int MAX_REQUESTS_TO_TELL_OF = 4096;

  final ExecutorService encode;
  final ExecutorService modelLoader = Executors.newSingleThreadExecutor(named("model-loader"));
  final ExecutorService variantMaker = Executors.newSingleThreadExecutor(named("variant-maker"));
  final ExecutorService janitor = Executors.newSingleThreadExecutor(named("janitor"));
  final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(named("model-watch"));
  final ScheduledExecutorService telemetry =
      Executors.newSingleThreadScheduledExecutor(named("telemetry"));

  /** Makes log lines and spans of requests; rejects what it has no room for. */
  final ExecutorService requests =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_REQUESTS_TO_TELL_OF),
          named("requests"));

  final ThreadTimer timer = new ThreadTimer(named("timer"));

  Threads(int encodeThreads) {
    encode = Executors.newFixedThreadPool(encodeThreads, named("encode"));
  }

  /** Daemon threads: the process ends when its main thread says so. */
  static ThreadFactory named(String name) {
    return Thread.ofPlatform()
        .name(name + "-", 0)
        .daemon(true)
        .uncaughtExceptionHandler(
            (thread, thrown) -> log.error("thread {} threw", thread.getName(), thrown))
        .factory();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    telemetry.shutdownNow();
    encode.shutdownNow();
    modelLoader.shutdownNow();
    variantMaker.shutdownNow();
    janitor.shutdownNow();
    requests.shutdownNow();
    timer.close();
  }
}
