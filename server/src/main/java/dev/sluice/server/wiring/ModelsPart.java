// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.lifecycle.Drain;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models' part in a drain: freed once nobody uses them, or left to the end of the process. */
record ModelsPart(ModelCatalog catalog, Runnable stopProbes) implements Drain.Part {
  private static final Logger log = LoggerFactory.getLogger(ModelsPart.class);

  /** A model that is still on trial would keep the thread that unloads the others. */
  @Override
  public void beginDrain() {
    stopProbes.run();
  }

  @Override
  public boolean finish(Duration limit) throws InterruptedException {
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
