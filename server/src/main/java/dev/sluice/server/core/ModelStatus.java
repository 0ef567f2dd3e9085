// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * @param version empty where none could be told
 * @param reason why it is not ready, or why it serves as it was loaded before; else empty
 */
public record ModelStatus(String name, String version, State state, String reason) {
  /** By the names that the model repository extension gives them. */
  public enum State {
    READY,
    UNAVAILABLE,
    LOADING,
    UNLOADING
  }
}
