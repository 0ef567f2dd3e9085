// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

/** How much the server writes to its log. Safe for use by many threads. */
public interface LogControl {
  /** From nothing to everything; each includes the ones before it. */
  enum Verbosity {
    NONE,
    ERROR,
    WARNING,
    INFO,
    VERBOSE,
    VERY_VERBOSE;

    public boolean includes(Verbosity other) {
      return compareTo(other) >= 0;
    }
  }

  Verbosity verbosity();

  void set(Verbosity verbosity);
}
