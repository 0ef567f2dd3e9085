// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.bench.TextRate;
import dev.sluice.models.rewrite.CardModels;
import dev.sluice.models.testing.EmulatedCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sluice gpu-check} measures through a server: on the CPU, and on an emulated card. */
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

  /** With a model that such a card runs within seconds. */
  @Test
  void textsAreCountedOnACardToo() throws Exception {
    EmulatedCard.buildOrSkip();
    CardModels.write(folder.resolve("models/tiny"));
    List<String> environment = new ArrayList<>(List.of("SLUICE_MODELS_LOAD_PROBE=false"));
    EmulatedCard.environment("capability=80")
        .forEach((name, value) -> environment.add(name + "=" + value));
    Path sluice = launcher(BenchProcess.server(), environment);
    try (TextRate rate =
        new TextRate(
            sluice,
            folder.resolve("log"),
            System::nanoTime,
            "--device",
            "gpu:0",
            "--model-repository",
            folder.resolve("models").toString())) {
      assertThat(rate.variant()).isEqualTo("fp16");
      assertThat(rate.perSecond(4, 1, SHORT, SHORT)).isPositive();
      assertThat(rate.perSecond(4, 8, SHORT, SHORT)).isPositive();
    }
    assertThat(Files.readString(folder.resolve("log")))
        .contains("model 'tiny' runs on SluiceCuda, gpu:0");
  }

  private TextRate rate(String launcher, String device) throws IOException {
    Path sluice = launcher(launcher, List.of());
    return new TextRate(sluice, folder.resolve("log"), System::nanoTime, "--device", device);
  }

  private Path launcher(String command, List<String> more) throws IOException {
    List<String> environment =
        new ArrayList<>(
            List.of(
                "CLASSPATH=" + System.getProperty("java.class.path"),
                "SLUICE_CACHE=" + TestServer.CACHE,
                "SLUICE_MODELS_CACHE_DIRECTORY=" + TestServer.CACHE));
    environment.addAll(more);
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    environment.forEach(variable -> script.append("export '").append(variable).append("'\n"));
    Path sluice = Files.writeString(folder.resolve("sluice"), script + command + "\n");
    if (!sluice.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + sluice);
    }
    return sluice;
  }
}
