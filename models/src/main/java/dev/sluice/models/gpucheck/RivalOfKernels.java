// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.measure.Rival;
import dev.sluice.kernels.measure.RivalException;

/** A contestant, as the kernels' check wants it: whoever makes one need not know the kernels. */
record RivalOfKernels(Contestant contestant) implements Rival {
  private interface Step<T> {
    T run() throws ContestantException;
  }

  private static <T> T telling(Step<T> step) throws RivalException {
    try {
      return step.run();
    } catch (ContestantException e) {
      throw new RivalException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String name() {
    return contestant.name();
  }

  @Override
  public String open(EncoderDims dims) throws RivalException {
    Contestant.Sizes sizes =
        new Contestant.Sizes(
            dims.layers(),
            dims.hidden(),
            dims.heads(),
            dims.feedForward(),
            dims.words(),
            dims.positions());
    return telling(() -> contestant.open(sizes));
  }

  @Override
  public void prepare(String batch, int[] lengths) throws RivalException {
    telling(
        () -> {
          contestant.prepare(batch, lengths);
          return contestant;
        });
  }

  @Override
  public double millis(String batch, int repeats) throws RivalException {
    return telling(() -> contestant.millis(batch, repeats));
  }
}
