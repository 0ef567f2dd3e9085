// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened one after the other; closed the youngest first. For one thread. */
final class Closing implements AutoCloseable {
  private final Deque<Runnable> open = new ArrayDeque<>();

  void add(Runnable close) {
    open.push(close);
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
