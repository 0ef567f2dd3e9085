// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadedConfigTest {
  @TempDir Path folder;

  @Test
  void thePrintoutNamesTheSourceOfEachValue() throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.yaml"), "grpc:\n\n  max-metadata-bytes: 16384\n");
    LoadedConfig loaded =
        ConfigLoader.load(
            Optional.of(file),
            Map.of("SLUICE_LOGGING_LEVEL", "warn"),
            Map.of(Settings.GRPC_PORT, List.of("9001")));
    assertThat(loaded.printout())
        .containsPattern("(?m)^network:$")
        .containsPattern("(?m)^  host: 127.0.0.1 +# default$")
        .containsPattern("(?m)^  grpc-port: 9001 +# --grpc-port$")
        .containsPattern("(?m)^  max-metadata-bytes: 16KiB +# " + file + ":3$")
        .containsPattern("(?m)^  level: warn +# env SLUICE_LOGGING_LEVEL$");
    assertThat(loaded.printout().lines().filter(line -> line.startsWith("  ")))
        .hasSameSizeAs(Settings.ALL);
  }

  @Test
  void thePrintoutIsAFileThatGivesTheSameConfiguration() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("it's: \"odd\" # [x], \t"));
    LoadedConfig first =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                Settings.REPOSITORIES,
                List.of(odd.toString(), folder.toString()),
                Settings.LANES,
                List.of("3"),
                Settings.WATCH_INTERVAL,
                List.of("off"),
                Settings.DEVICE,
                List.of("gpu:2"),
                Settings.HOST,
                List.of("::1")));
    Path file = Files.writeString(folder.resolve("again.yaml"), first.printout());
    assertThat(ConfigLoader.load(Optional.of(file), Map.of(), Map.of()).config())
        .isEqualTo(first.config());
  }
}
