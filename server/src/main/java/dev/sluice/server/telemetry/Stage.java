// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.Locale;

/** The parts of a request's time. */
public enum Stage {
  /** From the arrival of its last byte until it is read, routed and found valid. */
  DECODE,
  /** From there until its inputs are tokens; nothing for a tensor call. */
  ENCODE,
  /** From submission until its last item starts to run. */
  QUEUE,
  /** The longest model run that an item of it was part of. */
  COMPUTE,
  /** From results to an answer. */
  SPLIT,
  /** From the arrival of its last byte to the answer, which is still to be written. */
  TOTAL;

  /** As labels and logs have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
