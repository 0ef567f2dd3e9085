// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether derived model files can be kept. */
final class DiskCheck implements Check {
  private static final long LITTLE_SPACE = 1L << 30;

  private final Path cache;

  DiskCheck(Path cache) {
    this.cache = cache;
  }

  @Override
  public List<Finding> run() {
    Path existing = nearestExisting(cache.toAbsolutePath());
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return List.of(
          Finding.problem(
              "cache",
              cache + " cannot be written",
              "choose another folder with --cache-directory"));
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String text = cache + ", " + Sizes.text(free) + " free";
      return List.of(
          free < LITTLE_SPACE
              ? Finding.problem(
                  "cache",
                  text + ": too little for derived models",
                  "free at least 1 GiB, or choose another folder with --cache-directory")
              : Finding.ok("cache", text));
    } catch (IOException e) {
      return List.of(Finding.note("cache", cache + ", free space unknown"));
    }
  }

  private static @Nullable Path nearestExisting(Path path) {
    Path candidate = path;
    while (candidate != null && !Files.exists(candidate)) {
      candidate = candidate.getParent();
    }
    return candidate;
  }
}
