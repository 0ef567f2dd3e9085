// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.time.Duration;
import java.util.Optional;

/**
 * What one request may ask for.
 *
 * @param maxInputsPerCall inputs of one embed call
 * @param maxEncodingInputs inputs that may wait to be tokenized, over all calls
 * @param defaultDeadline for requests that bring none to a model that has none; empty for {@code
 *     maxDeadline}
 * @param maxDeadline deadlines further away than this are brought down to it
 */
public record Limits(
    int maxInputsPerCall,
    int maxEncodingInputs,
    Optional<Duration> defaultDeadline,
    Duration maxDeadline) {
  public Limits {
    if (maxInputsPerCall < 1 || maxEncodingInputs < maxInputsPerCall) {
      throw new IllegalArgumentException(
          "at least one input per call, and room to encode the largest call");
    }
  }
}
