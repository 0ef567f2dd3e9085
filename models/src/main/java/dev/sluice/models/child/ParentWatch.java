// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a child process does first, so that it never outlives or outweighs the server. */
public final class ParentWatch {
  private static final int ORPHANED = 4;

  private ParentWatch() {}

  /** Ends this process with its parent, and lets the kernel end it first when memory is short. */
  public static void start() {
    Thread.ofPlatform().daemon().name("parent-watch").start(ParentWatch::endWithParent);
    bePickedFirstWhenMemoryEnds();
  }

  /** The server holds the other end of the input; however it ends, a hung child must not go on. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  /** Native memory has no bound; where a model takes it all, the server must not be what goes. */
  private static void bePickedFirstWhenMemoryEnds() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException e) {
      // Not on Linux, or not allowed: then the kernel chooses.
      return;
    }
  }
}
