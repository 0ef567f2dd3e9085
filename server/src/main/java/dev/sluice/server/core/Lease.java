// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;

/**
 * Counts who uses a deployment, so that it is freed when the last one has gone and never before.
 * Safe for any number of threads.
 */
final class Lease {
  private final CompletableFuture<Void> free = new CompletableFuture<>();

  @GuardedBy("this")
  private int users;

  @GuardedBy("this")
  private boolean retired;

  /** Joins the users; false if it is too late for that. */
  synchronized boolean acquire() {
    if (retired) {
      return false;
    }
    users++;
    return true;
  }

  void release() {
    boolean last;
    synchronized (this) {
      users--;
      last = retired && users == 0;
    }
    if (last) {
      free.complete(null);
    }
  }

  /**
   * Lets nobody in any more.
   *
   * @return completes once every user has left, on the thread of the last one
   */
  CompletableFuture<Void> retire() {
    boolean unused;
    synchronized (this) {
      retired = true;
      unused = users == 0;
    }
    if (unused) {
      free.complete(null);
    }
    return free;
  }
}
