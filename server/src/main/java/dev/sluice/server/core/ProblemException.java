// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.io.Serial;

/** Carries a {@link Problem} up a call stack; without a stack trace, as it is an answer. */
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
