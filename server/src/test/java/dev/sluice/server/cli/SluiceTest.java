// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.Setting;
import dev.sluice.server.config.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SluiceTest {
  private final CommandRun sluice = new CommandRun();

  @Test
  void helpNamesEveryCommand() {
    assertThat(sluice.run("--help")).isZero();
    assertThat(sluice.out())
        .contains("serve", "quantize", "doctor", "health", "slo-check", "version", "Examples:");
    assertThat(sluice.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "quantize", "doctor", "health", "slo-check", "version"})
  void everyCommandHasHelpWithAnExample(String command) {
    assertThat(sluice.run(command, "--help")).isZero();
    assertThat(sluice.out()).contains("Usage: sluice " + command, "Example", "  sluice " + command);
  }

  @Test
  void theHelpOfServeNamesEverySettingWithItsDefault() {
    sluice.run("serve", "--help");
    for (Setting<?> setting : Settings.ALL) {
      assertThat(sluice.out()).contains(setting.flag() + "=" + setting.type().placeholder());
      assertThat(sluice.out().replaceAll("\\s+", " "))
          .contains(setting.help() + " (" + setting.defaultText() + ")");
    }
  }

  @Test
  void noCommandIsBadUsage() {
    assertThat(sluice.run()).isEqualTo(2);
    assertThat(sluice.err()).contains("a command is missing", "Try 'sluice --help'");
    assertThat(sluice.out()).isEmpty();
  }

  @Test
  void aTypoInACommandIsAnswered() {
    assertThat(sluice.run("docter")).isEqualTo(2);
    assertThat(sluice.err()).contains("unknown command 'docter'; did you mean doctor?");
  }

  @Test
  void aTypoInAFlagIsAnswered() {
    assertThat(sluice.run("serve", "--grpc-prt=9001")).isEqualTo(2);
    assertThat(sluice.err())
        .contains("unknown flag '--grpc-prt'; did you mean --grpc-port?")
        .contains("Try 'sluice serve --help'");
    assertThat(sluice.served).isEmpty();
  }

  @Test
  void aFlagWithoutItsValueIsBadUsage() {
    assertThat(sluice.run("serve", "--grpc-port")).isEqualTo(2);
    assertThat(sluice.err()).contains("--grpc-port");
  }

  @Test
  void somethingUnexpectedIsBadUsage() {
    for (String command : List.of("serve", "version")) {
      assertThat(sluice.run(command, "now\u001b[31m")).isEqualTo(2);
      assertThat(sluice.err()).contains("unexpected argument 'now?[31m'");
    }
  }

  @Test
  void versionNamesSluiceJavaAndTheEngines() {
    assertThat(sluice.run("version")).isZero();
    assertThat(sluice.out())
        .contains("sluice dev", "Java " + System.getProperty("java.version"))
        .contains("OnnxRuntime 1.28.0");
  }
}
