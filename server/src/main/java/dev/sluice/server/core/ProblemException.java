// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.telemetry.Limit;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Carries a {@link Problem} up a call stack; without a stack trace, as it is an answer. */
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private final @Nullable Limit limit;

  public ProblemException(Problem problem) {
    this(problem, null);
  }

  /**
   * @param limit that was hit; whoever makes an answer of this counts it
   */
  public ProblemException(Problem problem, @Nullable Limit limit) {
    super(problem.message(), null, false, false);
    this.problem = problem;
    this.limit = limit;
  }

  public Problem problem() {
    return problem;
  }

  public @Nullable Limit limit() {
    return limit;
  }
}
