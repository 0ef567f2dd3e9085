// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

/** What came of loading a model in a process of its own. */
public sealed interface ProbeResult {
  /** It loads, and unloads, here. */
  record Passed() implements ProbeResult {}

  /**
   * It does not.
   *
   * @param reason one line for the operator
   */
  record Failed(String reason) implements ProbeResult {}

  ProbeResult PASSED = new Passed();
}
