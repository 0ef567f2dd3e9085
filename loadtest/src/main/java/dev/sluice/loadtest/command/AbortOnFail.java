// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.run.RunListener;
import java.time.Duration;

/** Ends a run when a threshold has failed, but not before a time; used by one thread. */
final class AbortOnFail implements RunListener {
  private final Demands demands;
  private final Duration delay;

  AbortOnFail(Demands demands, Duration delay) {
    this.demands = demands;
    this.delay = delay;
  }

  @Override
  public void passed(Progress progress) {
    long now = progress.interval().startNanos() + progress.interval().lengthNanos();
    if (now >= delay.toNanos() && demands.failed(progress.soFar().get())) {
      progress.stop().accept(EndReason.CANCEL);
    }
  }
}
