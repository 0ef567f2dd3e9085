// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.bench.TextRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sluice gpu-check} measures through a server, on the CPU. */
final class TextRateTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void textsAreCountedWhetherTheyComeAloneOrTogether() throws Exception {
    long before = ProcessHandle.current().children().count();
    try (TextRate rate = rate(BenchProcess.server(), "cpu")) {
      assertThat(rate.variant()).isEqualTo("fp32");
      assertThat(rate.perSecond(2, 1, SHORT, SHORT)).isPositive();
      assertThat(rate.perSecond(2, 9, SHORT, SHORT)).isPositive();
    }
    assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
  }

  @Test
  void aServerThatCannotHaveItsCardIsTheReason() {
    assertThatThrownBy(() -> rate(BenchProcess.server(), "gpu:7").close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not ");
  }

  private TextRate rate(String launcher, String device) throws IOException {
    List<String> environment =
        List.of(
            "CLASSPATH=" + System.getProperty("java.class.path"),
            "SLUICE_CACHE=" + TestServer.CACHE,
            "SLUICE_MODELS_CACHE_DIRECTORY=" + TestServer.CACHE);
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    environment.forEach(variable -> script.append("export '").append(variable).append("'\n"));
    Path sluice = Files.writeString(folder.resolve("sluice"), script + launcher + "\n");
    if (!sluice.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + sluice);
    }
    return new TextRate(sluice, folder.resolve("log"), device, System::nanoTime);
  }
}
