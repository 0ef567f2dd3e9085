// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

/**
 * The same batch by Sluice in FP16 and by another.
 *
 * @param lengths of its sequences, in words
 */
public record RivalTiming(String rival, String model, String lengths, Timing ours, Timing theirs) {
  /** How many times as fast Sluice is. */
  public double speedup() {
    return theirs.millis() / ours.millis();
  }
}
