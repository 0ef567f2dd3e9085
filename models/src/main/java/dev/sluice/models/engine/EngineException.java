// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

/** A model file could not be loaded, or a run of it failed. The message is for the operator. */
public sealed class EngineException extends Exception permits DeviceLostException {
  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
