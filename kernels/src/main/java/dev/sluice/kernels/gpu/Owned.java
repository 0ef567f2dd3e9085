// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.concurrent.atomic.AtomicBoolean;

/** A handle of the driver's. Closed by whoever made it, or else with the card. */
abstract class Owned implements AutoCloseable {
  private final Ledger ledger;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Constructors of subclasses call {@link #register} as soon as the driver has given the handle.
   */
  Owned(Ledger ledger) {
    this.ledger = ledger;
  }

  final void register() {
    ledger.add(this);
  }

  /** Hands it back to the driver. */
  abstract void release();

  final void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException(this + " has been closed");
    }
  }

  /** Only the first call does anything. */
  @Override
  public final void close() {
    if (!closed.getAndSet(true)) {
      ledger.remove(this);
      release();
    }
  }
}
