// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.noop;

import dev.sluice.loadtest.wire.NoopServer;

/** Serves nothing on as many loops as it is told; says where, and ends with its input. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    try (NoopServer server = NoopServer.start(Integer.parseInt(args[0]))) {
      System.out.println(server.host());
      while (System.in.read() >= 0) {
        // Until whoever started it is gone.
      }
    }
  }
}
