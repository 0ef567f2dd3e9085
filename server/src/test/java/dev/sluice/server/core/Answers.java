// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every answer that it gets; more than one is what tests look for. */
final class Answers<A> implements Reply<A> {
  private final List<A> oks = new CopyOnWriteArrayList<>();
  private final List<Problem> problems = new CopyOnWriteArrayList<>();

  @Override
  public void ok(A answer) {
    oks.add(answer);
  }

  @Override
  public void failed(Problem problem) {
    problems.add(problem);
  }

  int count() {
    return oks.size() + problems.size();
  }

  /** The one answer, which has to be a good one. */
  A ok() {
    if (oks.size() != 1 || !problems.isEmpty()) {
      throw new AssertionError("not one good answer: " + oks + problems);
    }
    return oks.get(0);
  }

  /** The one answer, which has to be a refusal. */
  Problem problem() {
    if (problems.size() != 1 || !oks.isEmpty()) {
      throw new AssertionError("not one refusal: " + oks + problems);
    }
    return problems.get(0);
  }
}
