// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchRunner;
import dev.sluice.models.engine.DeviceLostException;
import dev.sluice.models.engine.EngineException;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane that can be asked how it is, and that tells the operator, once each, when it goes out of
 * service and when it is back.
 *
 * <p>Used by its lane's thread alone, but for {@link #status}, which any thread may call.
 */
final class WatchedLane<T, R> implements BatchRunner<T, R> {
  private static final Logger log = LoggerFactory.getLogger(WatchedLane.class);

  private final String name;
  private final BatchRunner<T, R> runner;
  private final DeviceLoss loss;
  private final LongSupplier epochMillis;
  private volatile LaneStatus status;

  /**
   * @param name of the lane, for the log
   * @param loss hears where what the lane runs on is lost
   */
  WatchedLane(String name, BatchRunner<T, R> runner, DeviceLoss loss, LongSupplier epochMillis) {
    this.name = name;
    this.runner = runner;
    this.loss = loss;
    this.epochMillis = epochMillis;
    this.status = now(LaneStatus.State.IDLE, 0, "");
  }

  LaneStatus status() {
    return status;
  }

  private LaneStatus now(LaneStatus.State state, int failuresInRow, String reason) {
    return new LaneStatus(state, epochMillis.getAsLong(), failuresInRow, reason);
  }

  @Override
  public List<R> run(List<T> payloads) throws Exception {
    int failures = status.failuresInRow();
    status = now(LaneStatus.State.RUNNING, failures, "");
    try {
      List<R> results = runner.run(payloads);
      status = now(LaneStatus.State.IDLE, 0, "");
      return results;
    } catch (DeviceLostException lost) {
      String reason = String.valueOf(lost.getMessage());
      status = now(LaneStatus.State.OUT, failures + 1, reason);
      loss.lost(reason);
      throw lost;
    } catch (Throwable failed) {
      status = now(LaneStatus.State.IDLE, failures + 1, "");
      throw failed;
    }
  }

  @Override
  public void check() throws Exception {
    try {
      runner.check();
    } catch (Throwable failed) {
      out(failed);
      throw failed;
    }
    if (status.state() == LaneStatus.State.OUT) {
      log.warn("{} can run what is known to work again, and is back in service", name);
    }
    status = now(LaneStatus.State.IDLE, 0, "");
  }

  private void out(Throwable cause) {
    if (status.state() == LaneStatus.State.OUT) {
      log.debug("{} is still out of service", name, cause);
      return;
    }
    String reason =
        cause instanceof EngineException known
            ? String.valueOf(known.getMessage())
            : "it failed unexpectedly; the log says why";
    status = now(LaneStatus.State.OUT, status.failuresInRow(), reason);
    log.error(
        "{} fails on everything, and is out of service until it can run what is known to work: {}",
        name,
        reason,
        cause);
  }

  @Override
  public void close() {
    runner.close();
  }
}
