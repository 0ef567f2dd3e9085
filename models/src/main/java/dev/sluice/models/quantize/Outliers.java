// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The few channels that reach far beyond all others. The scale fits the others; what these have
 * beyond its ends is multiplied in FP32 and added, which is exact and, for a handful of channels,
 * nearly free.
 *
 * @param channels rising
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outliers(int[] channels) {
  static final Outliers NONE = new Outliers(new int[0]);

  /** The channels of the largest magnitudes; of equal ones the first. */
  static Outliers largest(float[] magnitudes, int count) {
    int[] channels =
        IntStream.range(0, magnitudes.length)
            .boxed()
            .sorted((a, b) -> Float.compare(magnitudes[b], magnitudes[a]))
            .limit(count)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    return new Outliers(channels);
  }

  boolean isNone() {
    return channels.length == 0;
  }

  boolean has(int channel) {
    return Arrays.binarySearch(channels, channel) >= 0;
  }
}
