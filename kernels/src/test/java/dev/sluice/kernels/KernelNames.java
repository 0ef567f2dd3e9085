// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The entries of the module, as its sources list them. */
public final class KernelNames {
  private static final Pattern ENTRY =
      Pattern.compile("^SLUICE_KERNEL\\((\\w+)\\)$", Pattern.MULTILINE);

  private KernelNames() {}

  public static List<String> read() throws IOException {
    String list = Files.readString(Path.of("src/main/cuda/kernels.inc"));
    return ENTRY.matcher(list).results().map((MatchResult entry) -> entry.group(1)).toList();
  }
}
