// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.function.IntUnaryOperator;

/**
 * The policies compared, each with the settings that serve it best here.
 *
 * <p>All have the same limits on a batch and pad to its longest request. The bounds of the peers'
 * queues, which are their only means against overload, were chosen by trying which gave the most
 * answers in time on mixed lengths at 80 and 120 % of load on the {@link ServerKind#GPU}; what
 * these servers come with is often far longer, and then no answer would be in time at all.
 */
enum Policy {
  SLUICE("Sluice") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return new SluiceScheduler(time, server);
    }
  },
  TRITON("flush on mismatch, lengths as they are") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return flushing(time, server, tokens -> tokens);
    }
  },
  TRITON_PADDED("flush on mismatch, clients pad") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return flushing(time, server, FlushOnMismatch::powerOfTwo);
    }
  },
  SIZE_AND_TIMER("size and timer") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return new SizeAndTimer(
          time, server.lanes(), server.maxRows(), server.fifoRows(), server.sloNanos() / 20);
    }
  },
  TEI("early-frozen token budget") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return new EarlyFrozen(
          server.lanes(), server.maxRows(), server.maxTokens(), server.fifoRows());
    }
  },
  INFINITY("sort window") {
    @Override
    Scheduler scheduler(VirtualTime time, ServerKind server) {
      return new SortWindow(server.maxRows(), 6 * server.maxRows());
    }
  };

  private final String title;

  Policy(String title) {
    this.title = title;
  }

  abstract Scheduler scheduler(VirtualTime time, ServerKind server);

  String title() {
    return title;
  }

  private static Scheduler flushing(VirtualTime time, ServerKind server, IntUnaryOperator padding) {
    return new FlushOnMismatch(
        time, server.maxRows(), server.fifoRows(), 0, server.sloNanos() / 2, padding);
  }
}
