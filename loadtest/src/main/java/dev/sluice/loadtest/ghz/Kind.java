// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

/** What the value of a flag is; {@link Parsers} reads each. */
enum Kind {
  TEXT,
  TEXTS,
  /** May be given several times; each adds one. */
  REPEATED,
  BOOL,
  UINT,
  INT,
  DURATION,
  BYTES,
  CHOICE,
  /** An object of strings, kept in the order given. */
  MAP,
  /** Call data: JSON text that templates may be in. */
  DATA
}
