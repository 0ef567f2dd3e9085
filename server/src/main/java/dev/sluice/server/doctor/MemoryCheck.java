// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Memory of the machine, limit of the container, heap of the JVM. */
final class MemoryCheck implements Check {
  private final SystemFiles files;
  private final Jvm jvm;

  MemoryCheck(SystemFiles files, Jvm jvm) {
    this.files = files;
    this.jvm = jvm;
  }

  @Override
  public List<Finding> run() {
    OptionalLong total = kibibytes("MemTotal");
    OptionalLong free = kibibytes("MemAvailable");
    CgroupLimits limits = CgroupLimits.read(files);
    Finding memory =
        total.isEmpty()
            ? Finding.note("memory", "size unknown")
            : Finding.ok(
                "memory",
                Sizes.text(total.getAsLong())
                    + (free.isEmpty() ? "" : ", " + Sizes.text(free.getAsLong()) + " free")
                    + limit(limits));
    return List.of(memory, heap(total, limits));
  }

  private static String limit(CgroupLimits limits) {
    return limits.memoryBytes().isEmpty()
        ? ", no container limit"
        : ", container limit "
            + Sizes.text(limits.memoryBytes().getAsLong())
            + " (cgroup v"
            + limits.version()
            + ")";
  }

  /**
   * Models live outside the heap, so a heap that takes most of the memory leaves them too little.
   */
  private Finding heap(OptionalLong total, CgroupLimits limits) {
    long room = Math.min(total.orElse(Long.MAX_VALUE), limits.memoryBytes().orElse(Long.MAX_VALUE));
    String text = "at most " + Sizes.text(jvm.maxHeapBytes());
    return jvm.maxHeapBytes() > room / 4 * 3
        ? Finding.problem(
            "heap",
            text
                + " of "
                + Sizes.text(room)
                + ": too little is left for models, which live outside it",
            "set -Xmx to half of the memory or less, or raise the limit")
        : Finding.ok("heap", text);
  }

  private OptionalLong kibibytes(String key) {
    return files
        .value("proc/meminfo", key)
        .map(text -> text.replaceFirst(" kB$", ""))
        .filter(text -> text.matches("[0-9]{1,15}"))
        .map(text -> OptionalLong.of(Long.parseLong(text) * 1024))
        .orElse(OptionalLong.empty());
  }
}
