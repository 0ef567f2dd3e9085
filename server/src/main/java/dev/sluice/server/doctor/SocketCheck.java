// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.List;
import java.util.Optional;

/** How many sockets may be open, and how they are waited for. */
final class SocketCheck implements Check {
  private static final long FEW_FILES = 4096;

  private final SystemFiles files;
  private final boolean epoll;

  SocketCheck(SystemFiles files, boolean epoll) {
    this.files = files;
    this.epoll = epoll;
  }

  @Override
  public List<Finding> run() {
    Finding waiting =
        epoll
            ? Finding.ok("sockets", "epoll available")
            : Finding.note("sockets", "no epoll: Java's own selector is used, which is slower");
    return List.of(waiting, openFiles());
  }

  private Finding openFiles() {
    Optional<String> limit =
        files.value("proc/self/limits", "Max open files").map(text -> text.split("\\s+", -1)[0]);
    if (limit.isEmpty()) {
      return Finding.note("open files", "limit unknown");
    }
    boolean few = limit.get().matches("[0-9]{1,15}") && Long.parseLong(limit.get()) < FEW_FILES;
    return few
        ? Finding.problem(
            "open files",
            "at most " + limit.get() + ": connections will be refused under load",
            "raise it, for example with ulimit -n 65536")
        : Finding.ok("open files", "at most " + limit.get());
  }
}
