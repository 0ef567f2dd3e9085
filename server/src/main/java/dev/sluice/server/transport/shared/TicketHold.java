// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.batching.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * Brings together a ticket and a cancellation, whichever comes first: the client may take its call
 * back before the core has handed out the ticket.
 *
 * <p>Safe for use by many threads: one lock, which is not held while the ticket is cancelled.
 */
public final class TicketHold implements Ticket {
  private @Nullable Ticket ticket;
  private boolean cancelled;

  public void attach(Ticket attached) {
    synchronized (this) {
      ticket = attached;
      if (!cancelled) {
        return;
      }
    }
    attached.cancel();
  }

  @Override
  public void cancel() {
    Ticket known;
    synchronized (this) {
      cancelled = true;
      known = ticket;
    }
    if (known != null) {
      known.cancel();
    }
  }
}
