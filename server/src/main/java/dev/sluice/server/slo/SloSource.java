// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.concurrent.CompletableFuture;

/** Verdicts for threads that must not wait while they are made. Safe for any number of threads. */
public interface SloSource {
  /** Made on another thread, on which the future completes too. */
  CompletableFuture<SloReport> report();
}
