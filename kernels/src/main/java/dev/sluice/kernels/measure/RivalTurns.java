// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A rival that may give up at any time: that is told once, and its turns are empty from then on, so
 * that what else is measured goes on. For one thread.
 */
final class RivalTurns {
  private final Rival rival;
  private final Consumer<String> report;
  private boolean gaveUp;

  private RivalTurns(Rival rival, Consumer<String> report) {
    this.rival = rival;
    this.report = report;
  }

  /** Empty where it cannot be had, which was reported. */
  static Optional<RivalTurns> open(Rival rival, EncoderDims dims, Consumer<String> report) {
    RivalTurns turns = new RivalTurns(rival, report);
    turns.unlessItFails(() -> report.accept(rival.name() + ": " + rival.open(dims)));
    return turns.gaveUp ? Optional.empty() : Optional.of(turns);
  }

  private interface Step {
    void run() throws RivalException;
  }

  private void unlessItFails(Step step) {
    try {
      if (!gaveUp) {
        step.run();
      }
    } catch (RivalException e) {
      gaveUp = true;
      report.accept(rival.name() + " is not compared with: " + e.getMessage());
    }
  }

  void prepare(String batch, int[] lengths) {
    unlessItFails(() -> rival.prepare(batch, lengths));
  }

  /** Its times mean nothing once it {@link #gaveUp}. */
  Turns.Work work(String batch) {
    double[] millis = new double[1];
    return new Turns.Work(
        repeats -> {
          unlessItFails(() -> millis[0] = rival.millis(batch, repeats));
          return millis[0];
        });
  }

  boolean gaveUp() {
    return gaveUp;
  }

  String name() {
    return rival.name();
  }
}
