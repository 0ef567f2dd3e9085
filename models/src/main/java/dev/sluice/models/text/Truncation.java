// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

/** What happens to an input longer than the model takes. */
public enum Truncation {
  /** It is refused. */
  NONE,
  /** Its beginning is kept. */
  END,
  /** Its end is kept. */
  START
}
