// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What of the processor decides which integer kernels run: without these instructions products may
 * saturate, so that what was measured on one machine does not hold on the other.
 */
final class Machine {
  private static final List<String> TELLING = List.of("avx2", "avx512_vnni", "avx_vnni", "asimddp");

  private Machine() {}

  /** The architecture, and those of the telling instructions that it has. */
  static String name(Path cpuinfo) {
    List<String> words = new ArrayList<>(List.of(System.getProperty("os.arch")));
    Set<String> flags = flags(cpuinfo);
    TELLING.stream().filter(flags::contains).forEach(words::add);
    return String.join(" ", words);
  }

  private static Set<String> flags(Path cpuinfo) {
    try (var lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).split(" "))))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }
}
