// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever was thrown into a {@link Problem}. What nobody foresaw goes to the log under an
 * error id, and only the id goes to the client.
 */
public final class Faults {
  private static final Logger log = LoggerFactory.getLogger(Faults.class);

  private final Supplier<String> errorIds;

  public Faults(Supplier<String> errorIds) {
    this.errorIds = errorIds;
  }

  public Problem problem(Throwable thrown) {
    if (thrown instanceof ProblemException refusal) {
      return refusal.problem();
    }
    String id = errorIds.get();
    log.error("A request failed; error id {}", id, thrown);
    return new Problem.Internal("the server failed on this request; error id " + id, id);
  }
}
