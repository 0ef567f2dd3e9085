// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.List;

/** The loops of a run and the connections that they have. */
public interface Fleet {
  /** All with the same clock. */
  List<Loop> loops();

  /** Of all loops together; connection {@code i} is that of loop {@code i} modulo their number. */
  int connections();

  Carrier carrier(int loop);
}
