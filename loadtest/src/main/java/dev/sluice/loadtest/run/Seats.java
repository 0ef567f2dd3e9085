// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one loop: those who rest, and how many may work. Worker {@code g} of the run uses
 * connection {@code g} modulo their number, and is the loop's that has this connection. Used on the
 * loop.
 */
final class Seats {
  private final Share share;
  private final String prefix;
  private final Deque<Worker> resting = new ArrayDeque<>();
  private int made;
  private int working;
  private int most;

  /**
   * A loop's part of the run.
   *
   * @param connections of the run, at least as many as loops
   */
  record Share(int loop, int loops, int connections) {
    int ownConnections() {
      return (connections - loop + loops - 1) / loops;
    }

    /** How many of the first so many workers are the loop's. */
    int of(int workers) {
      long own = 0;
      for (int connection = loop; connection < connections; connection += loops) {
        own += Math.max(0, ((long) workers - connection + connections - 1) / connections);
      }
      return (int) own;
    }
  }

  Seats(Share share, String name) {
    this.share = share;
    this.prefix = name.isEmpty() ? "" : name + ":";
  }

  /**
   * @param workers of all loops together that may work from now on
   */
  void allow(int workers) {
    most = share.of(workers);
  }

  /** Somebody who rests, if one more may work. */
  @Nullable Worker take() {
    if (working >= most) {
      return null;
    }
    working++;
    Worker rested = resting.pollLast();
    return rested != null ? rested : another();
  }

  void give(Worker worker) {
    working--;
    resting.addLast(worker);
  }

  private Worker another() {
    int own = share.ownConnections();
    int connection = made % own;
    int connectionOfAll = share.loop() + connection * share.loops();
    int number = made / own * share.connections() + connectionOfAll;
    made++;
    return new Worker(connection, prefix + "g" + number + "c" + connectionOfAll);
  }
}
