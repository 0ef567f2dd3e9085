// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * @param version empty where none could be told
 * @param reason why it is not ready, or why it serves as it was loaded before; else empty
 * @param loadedMillis when what serves was loaded, since the epoch; 0 where nothing serves
 */
public record ModelStatus(
    String name, String version, State state, String reason, long loadedMillis) {
  /** Of what does not serve. */
  public ModelStatus(String name, String version, State state, String reason) {
    this(name, version, state, reason, 0);
  }

  /** By the names that the model repository extension gives them. */
  public enum State {
    READY,
    UNAVAILABLE,
    LOADING,
    UNLOADING
  }
}
