// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

/** Why a run ended, in the words of the report. */
public enum EndReason {
  /** All requests that were asked for have been sent. */
  NORMAL("normal"),
  /** Somebody interrupted it. */
  CANCEL("cancel"),
  /** Its duration was over. */
  TIMEOUT("timeout");

  private final String word;

  EndReason(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
