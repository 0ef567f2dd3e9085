// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.lifecycle.Drain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models' part in a drain: freed once nobody uses them, or left to the end of the process. */
record ModelsPart(
    ModelCatalog catalog, Runnable stopTrials, List<ExecutorService> loaders, NanoClock clock)
    implements Drain.Part {
  private static final Logger log = LoggerFactory.getLogger(ModelsPart.class);

  /** A model that is still on trial would keep the thread that unloads the others. */
  @Override
  public void beginDrain() {
    stopTrials.run();
  }

  @Override
  public boolean finish(Duration limit) throws InterruptedException {
    long start = clock.nanoTime();
    boolean freed = free(limit);
    // A load that is under way has no callers. It may be in native code, which hears no interrupt
    // and is better not running when the process ends.
    loaders.forEach(ExecutorService::shutdownNow);
    for (ExecutorService loader : loaders) {
      long left = limit.toNanos() - (clock.nanoTime() - start);
      if (!loader.awaitTermination(left, TimeUnit.NANOSECONDS)) {
        log.warn("a model was still being loaded at the end of the drain limit");
      }
    }
    return freed;
  }

  private boolean free(Duration limit) throws InterruptedException {
    try {
      catalog.stop().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      log.warn("a model was still running at the end of the drain limit");
      return false;
    } catch (ExecutionException failed) {
      log.error("a model could not be closed", failed.getCause());
      return true;
    }
  }
}
