// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** How much it matters that a call is answered, most important first. */
public enum Criticality {
  CRITICAL_PLUS,
  CRITICAL,
  SHEDDABLE_PLUS,
  SHEDDABLE
}
