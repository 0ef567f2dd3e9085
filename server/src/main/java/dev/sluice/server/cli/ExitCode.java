// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

/** What the commands return; the same for all of them. */
final class ExitCode {
  static final int GOOD = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  /** There is too little to tell. */
  static final int INCONCLUSIVE = 98;

  static final int SLO_BREACHED = 99;

  private ExitCode() {}
}
