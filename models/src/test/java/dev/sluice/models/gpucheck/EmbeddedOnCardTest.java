// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.testing.EmulatedCard;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The real weights of the embedded model, by the engine, on an emulated card. */
class EmbeddedOnCardTest {
  /** Real weights in seconds to minutes: {@code -Dsluice.emulation.minilm=true}. */
  private static final String SLOW = "sluice.emulation.minilm";

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedCard.buildOrSkip();
  }

  @Test
  @EnabledIfSystemProperty(named = SLOW, matches = "true")
  void bothPrecisionsAgreeWithTheCpu() throws Exception {
    EmulatedCard.Outcome ran = run("capability=80");
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    assertThat(ran.output())
        .containsPattern("fp16 +cosine mean (1\\.0{6}|0\\.9{4}\\d\\d), .* agrees\n")
        .containsPattern("int8 +cosine mean 0\\.99[5-9]\\d{3}, .* agrees\n");
  }

  @Test
  @EnabledIfSystemProperty(named = SLOW, matches = "true")
  void anEngineThatIsWrongDisagrees() throws Exception {
    EmulatedCard.Outcome ran = run("capability=80 skip=sluice_norm");
    assertThat(ran.exitCode()).as(ran.output()).isEqualTo(1);
    assertThat(ran.output())
        .containsPattern("fp16 +FAILED: .*the card disagrees with the CPU")
        .containsPattern("int8 +FAILED: .*the card disagrees with the CPU");
  }

  @Test
  void anEngineThatCannotLoadFails() throws Exception {
    EmulatedCard.Outcome ran = run("init=100");
    assertThat(ran.exitCode()).as(ran.output()).isEqualTo(1);
    assertThat(ran.output()).contains("FAILED: ", "the NVIDIA driver finds no card");
  }

  /** As {@code -Pgpu-check-dist} packs it. */
  @Test
  void whereThereAreOnlySluicesOwnClassesItIsLeftOut() throws Exception {
    String own =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> entry.matches(".*/(models|kernels)/target/.*"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                own,
                EmbeddedMain.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("left out: this distribution has no models");
  }

  private EmulatedCard.Outcome run(String faults) throws IOException, InterruptedException {
    String cache = Path.of("target", "test-cache").toString();
    return EmulatedCard.run(EmbeddedMain.class, faults, folder, cache);
  }
}
