// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

/**
 * What a model runs on is lost to this process: nothing that runs there works again before the
 * process is started anew.
 */
public final class DeviceLostException extends EngineException {
  private static final long serialVersionUID = 1L;

  public DeviceLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
