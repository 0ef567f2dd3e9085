// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.Brownout.State;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Brownout} of one model version, on a clock: tells the operator of each switch, and
 * counts them. Safe for any number of threads; its own lock guards everything.
 */
final class BrownoutSwitch {
  private static final Logger log = LoggerFactory.getLogger(BrownoutSwitch.class);

  private final String model;
  private final String version;
  private final Duration budget;
  private final NanoClock clock;

  @GuardedBy("this")
  private final Brownout brownout;

  @GuardedBy("this")
  private State state = State.FULL;

  @GuardedBy("this")
  private long since;

  @GuardedBy("this")
  private long reductions;

  @GuardedBy("this")
  private long returns;

  /**
   * @param budget how long requests may wait
   */
  BrownoutSwitch(
      String model, String version, Duration budget, Brownout brownout, NanoClock clock) {
    this.model = model;
    this.version = version;
    this.budget = budget;
    this.brownout = brownout;
    this.clock = clock;
  }

  /** A batch was formed whose first item had waited for so long. */
  synchronized void waited(long waitNanos) {
    long now = clock.nanoTime();
    become(brownout.waited(now, waitNanos), now);
  }

  synchronized boolean reduced() {
    long now = clock.nanoTime();
    become(brownout.at(now), now);
    return state == State.REDUCED;
  }

  synchronized BrownoutStatus read() {
    return new BrownoutStatus(reduced(), reductions, returns);
  }

  @GuardedBy("this")
  private void become(State next, long nowNanos) {
    if (next == state) {
      return;
    }
    state = next;
    if (next == State.REDUCED) {
      reductions++;
      log.warn(
          "model '{}' version {} is in brownout: waiting eats up its {} ms; int8 answers now",
          model,
          version,
          budget.toMillis());
    } else {
      returns++;
      log.info(
          "model '{}' version {} is in full precision again, after {} ms of brownout",
          model,
          version,
          Duration.ofNanos(nowNanos - since).toMillis());
    }
    since = nowNanos;
  }
}
