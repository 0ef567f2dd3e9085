// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.Precision;
import java.util.Optional;

/**
 * Whether a whole encoder, with drawn weights, agrees with its reference in double precision.
 *
 * @param layers of which it had so many
 * @param cosine the least of all sequences
 * @param error the largest, relative to the length of the vector
 * @param problem in words; empty: it agrees
 */
public record EncoderVerdict(
    String model,
    Precision precision,
    int layers,
    double cosine,
    double error,
    Optional<String> problem) {
  public boolean agrees() {
    return problem.isEmpty();
  }
}
