// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether stderr is a terminal; Java itself can only say so of stdin and stdout together. */
public final class Terminal {
  private Terminal() {}

  /**
   * @param root the folder that stands for {@code /}
   */
  public static boolean isStderr(Path root) {
    try {
      String target = Files.readSymbolicLink(root.resolve("proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
