// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostileFileTest {
  @TempDir Path folder;

  @Test
  void anAliasMayNotStandForAList() throws Exception {
    StringBuilder bomb = new StringBuilder("a: &a [x, x, x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      char before = (char) (c - 1);
      bomb.append("%c: &%c [*%c, *%c, *%c, *%c]\n".formatted(c, c, before, before, before, before));
    }
    assertThat(problem(bomb.toString())).contains("is not valid YAML", "aliases");
  }

  @Test
  void aMapThatHoldsItselfIsRefused() throws Exception {
    assertThat(problem("network: &a {host: *a}")).contains("sluice.yaml");
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    assertThat(problem("a: " + "[".repeat(50_000))).contains("is not valid YAML");
    assertThat(problem("a: " + "[".repeat(30) + "]".repeat(30))).contains("Nesting");
  }

  @Test
  void tagsThatNameClassesBuildNothing() throws Exception {
    assertThat(problem("network: {host: !!javax.script.ScriptEngineManager [a]}"))
        .contains("tag is not allowed");
    assertThat(problem("!!java.net.URL [a]")).contains("tag is not allowed");
    assertThat(problem("!local [a]")).contains("the file must be a map of sections");
  }

  @Test
  void tenMegabytesAreNotEvenParsed() throws Exception {
    assertThat(problem("#".repeat(10 << 20))).endsWith("is larger than 256KiB");
    assertThat(problem("#".repeat(ConfigFile.MAX_BYTES + 1))).endsWith("is larger than 256KiB");
  }

  @Test
  void aFileAtTheLimitIsRead() throws Exception {
    String text = "network: {grpc-port: 7}\n#";
    Path file = write(text + "#".repeat(ConfigFile.MAX_BYTES - text.length()));
    assertThat(
            ConfigLoader.load(Optional.of(file), Map.of(), Map.of()).config().network().grpcPort())
        .isEqualTo(7);
  }

  @Test
  void brokenYamlIsReportedWithItsLine() throws Exception {
    assertThat(problem("network:\n  host: 'a\n")).contains("sluice.yaml:3: is not valid YAML");
    assertThat(problem("a: 1\n---\nb: 2\n")).contains("is not valid YAML");
    assertThat(problem("a: \u0001")).contains("is not valid YAML");
  }

  @Test
  void whatIsNoTextOrNoFileIsReported() throws Exception {
    Path binary =
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x41});
    assertThat(problems(binary)).containsExactly(binary + ": is not UTF-8 text");
    Path absent = folder.resolve("absent.yaml");
    assertThat(problems(absent)).containsExactly(absent + ": there is no such file");
    assertThat(problems(folder)).singleElement().asString().contains(": cannot be read");
  }

  private String problem(String text) throws IOException {
    return String.join("\n", problems(write(text)));
  }

  private static List<String> problems(Path file) {
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(Optional.of(file), Map.of(), Map.of()))
        .problems();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("sluice.yaml"), text);
  }
}
