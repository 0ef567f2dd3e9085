// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What is kept of a value over all calibration runs: the range of each channel, and some rows, each
 * as likely as any other. The same runs give the same rows. For one thread at a time.
 */
final class ActivationStats {
  private static final long SEED = 1;

  private final float[] low;
  private final float[] high;
  private final float[][] sample;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private long rows;

  /**
   * @param sampled how many rows to keep
   */
  ActivationStats(int channels, int sampled) {
    low = new float[channels];
    high = new float[channels];
    sample = new float[sampled][];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
  }

  /**
   * @throws EngineException when it is not all finite numbers
   */
  void add(Tensor value) throws EngineException {
    FloatBuffer data = value.data().asFloatBuffer();
    float[] row = new float[low.length];
    while (data.hasRemaining()) {
      data.get(row);
      for (int j = 0; j < row.length; j++) {
        if (!Float.isFinite(row[j])) {
          throw new EngineException("the model computes what is no finite number");
        }
        low[j] = Math.min(low[j], row[j]);
        high[j] = Math.max(high[j], row[j]);
      }
      keep(row);
    }
  }

  private void keep(float[] row) {
    long place = rows < sample.length ? rows : random.nextLong(rows + 1);
    rows++;
    if (place < sample.length) {
      sample[(int) place] = row.clone();
    }
  }

  boolean isEmpty() {
    return rows == 0;
  }

  int channels() {
    return low.length;
  }

  float low(int channel) {
    return low[channel];
  }

  float high(int channel) {
    return high[channel];
  }

  float[] magnitudes() {
    float[] magnitudes = new float[low.length];
    for (int j = 0; j < low.length; j++) {
      magnitudes[j] = Math.max(Math.abs(low[j]), Math.abs(high[j]));
    }
    return magnitudes;
  }

  /** Not to be written to. */
  float[][] sample() {
    return Arrays.copyOf(sample, (int) Math.min(rows, sample.length));
  }
}
