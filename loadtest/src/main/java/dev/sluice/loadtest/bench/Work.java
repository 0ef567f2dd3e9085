// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.BatchSizes;
import dev.sluice.loadtest.load.LoadException;
import java.io.IOException;

/** Work that a child process is kept busy with, to be measured while it goes on. */
interface Work {
  void start() throws IOException, LoadException;

  /** From here on durations are recorded. */
  void record() throws IOException;

  /** Pieces of work done since the start. */
  long completed() throws IOException, LoadException;

  /** Of the batches that have been run, ever. */
  BatchSizes batches() throws IOException;

  /** Ends the work. */
  Latency stop() throws IOException, LoadException, InterruptedException;

  record Latency(double p50Millis, double p99Millis) {}
}
