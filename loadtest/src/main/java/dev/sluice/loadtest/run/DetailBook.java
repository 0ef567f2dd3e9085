// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.Detail;
import dev.sluice.loadtest.result.DetailSpool;
import dev.sluice.loadtest.result.Details;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where all loops write the first calls down, each under the book's lock. It is given up when its
 * file cannot be written; the figures are then the histograms' alone.
 */
final class DetailBook {
  private final @Nullable DetailSpool spool;
  private volatile boolean open;
  private boolean broken;
  private long left = Details.MOST;

  DetailBook(@Nullable DetailSpool spool) {
    this.spool = spool;
    this.open = spool != null;
  }

  boolean open() {
    return open;
  }

  synchronized void add(Detail detail) {
    if (!open || spool == null) {
      return;
    }
    try {
      spool.add(detail);
      left--;
      open = left > 0;
    } catch (IOException e) {
      open = false;
      broken = true;
    }
  }

  synchronized Details details() {
    try {
      if (spool != null && !broken) {
        spool.flush();
      }
    } catch (IOException full) {
      broken = true;
    }
    return spool == null || broken ? Details.of(List.of()) : spool;
  }
}
