// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.engine.EngineException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands before the lanes of a model: every run waits here until a test lets it go. */
final class Gate {
  private final BlockingQueue<Run> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> checks = new LinkedBlockingQueue<>();
  private volatile boolean open;
  private volatile boolean broken;

  /** A run that waits. */
  static final class Run {
    private final List<Long> rows;
    private final CompletableFuture<Boolean> verdict = new CompletableFuture<>();

    private Run(List<Long> rows) {
      this.rows = rows;
    }

    /** What it was given to run: the values of a tensor, the lengths of texts. */
    List<Long> rows() {
      return rows;
    }

    void go() {
      verdict.complete(true);
    }

    void fail() {
      verdict.complete(false);
    }
  }

  // What tests do.

  /** The run that came next, be it that it has to come yet. */
  Run next() throws InterruptedException {
    return Objects.requireNonNull(arrived.poll(1, TimeUnit.MINUTES), "nothing runs");
  }

  /** Whether all that came here was taken by the test. */
  boolean isEmpty() {
    return arrived.isEmpty();
  }

  /** Nothing waits here any more. */
  void open() {
    open = true;
    arrived.forEach(Run::go);
  }

  /** Whether lanes fail when they are asked to check themselves. */
  void setBroken(boolean isBroken) {
    broken = isBroken;
  }

  /** Waits until a lane has been asked to check itself once more. */
  void awaitCheck() throws InterruptedException {
    Objects.requireNonNull(checks.poll(1, TimeUnit.MINUTES), "nothing was checked");
  }

  // What lanes do.

  void pass(List<Long> rows) throws EngineException {
    Run run = new Run(rows);
    arrived.add(run);
    if (open) {
      run.go();
    }
    if (!run.verdict.join()) {
      throw new EngineException("this run was made to fail");
    }
  }

  void check() throws EngineException {
    checks.add(true);
    if (broken) {
      throw new EngineException("the card has fallen off the bus");
    }
  }
}
