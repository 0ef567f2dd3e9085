// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import java.io.IOException;
import java.io.Serial;

/** A port cannot be listened on. */
final class PortTaken extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int port;

  PortTaken(int port, IOException cause) {
    super("cannot listen on port " + port, cause);
    this.port = port;
  }

  int port() {
    return port;
  }
}
