// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.config.Setting;
import dev.sluice.server.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServeCommandTest {
  @TempDir Path folder;

  private final CommandRun sluice = new CommandRun();

  @Test
  void withNoArgumentsTheDefaultsAreServed() {
    assertThat(sluice.run("serve")).isZero();
    assertThat(sluice.served).containsExactly(ServerConfig.defaults());
    assertThat(sluice.err()).isEmpty();
  }

  @Test
  void theExitCodeIsThatOfTheServer() {
    sluice.serveCode = 1;
    assertThat(sluice.run("serve")).isEqualTo(1);
  }

  @Test
  void flagsReachTheServer() {
    sluice.run("serve", "--grpc-port", "9001", "--model-repository=" + folder, "--device", "cpu");
    ServerConfig config = sluice.served.get(0);
    assertThat(config.network().grpcPort()).isEqualTo(9001);
    assertThat(config.models().repositories()).containsExactly(folder);
  }

  @Test
  void aFlagMayBeGivenTwiceOnlyWhereSeveralValuesMakeSense() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    sluice.run("serve", "--model-repository", folder.toString(), "--model-repository=" + other);
    assertThat(sluice.served.get(0).models().repositories()).containsExactly(folder, other);

    assertThat(sluice.run("serve", "--lanes", "1", "--lanes", "2")).isEqualTo(2);
    assertThat(sluice.err()).contains("--lanes");
  }

  @Test
  void everySettingHasAWorkingFlag() {
    List<String> args = new ArrayList<>(List.of("serve", "--print-config"));
    for (Setting<?> setting : Settings.ALL) {
      args.add(setting.flag());
      args.add(setting.type().many() ? folder.toString() : setting.defaultText());
    }
    assertThat(sluice.run(args.toArray(String[]::new))).isZero();
    assertThat(sluice.out()).contains(Settings.ALL.stream().map(s -> "# " + s.flag()).toList());
  }

  @Test
  void printConfigPrintsAndDoesNotServe() {
    sluice.environment.put("SLUICE_LIFECYCLE_DRAIN_LIMIT", "9s");
    assertThat(sluice.run("serve", "--print-config")).isZero();
    assertThat(sluice.out()).containsPattern("drain-limit: 9s +# env SLUICE_LIFECYCLE_DRAIN_LIMIT");
    assertThat(sluice.served).isEmpty();
  }

  @Test
  void everyProblemIsPrintedAndNothingIsServed() throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "limits: {max-batch-row: 1}");
    assertThat(sluice.run("serve", "--config", file.toString(), "--lanes", "none")).isEqualTo(2);
    assertThat(sluice.err())
        .contains("the configuration has 2 problems:")
        .contains(
            file + ":1: limits.max-batch-row is not a setting; did you mean limits.max-batch-rows?")
        .contains("--lanes: the value must be auto or a whole number");
    assertThat(sluice.out()).isEmpty();
    assertThat(sluice.served).isEmpty();
  }

  @Test
  void theFileMayBeNamedByAVariableToo() throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "network: {grpc-port: 5}");
    sluice.environment.put("SLUICE_CONFIG", file.toString());
    sluice.run("serve");
    assertThat(sluice.served.get(0).network().grpcPort()).isEqualTo(5);
  }

  @Test
  void anOpenAddressIsServedWithAWarning() {
    assertThat(sluice.run("serve", "--host", "0.0.0.0", "--log-format", "text")).isZero();
    assertThat(sluice.err()).contains("WARN").contains("0.0.0.0 without authentication");
  }

  @Test
  void aMisspeltVariableIsPointedOut() {
    sluice.environment.put("SLUICE_NETWORK_GRPC_PROT", "1");
    assertThat(sluice.run("serve", "--log-format", "json")).isZero();
    assertThat(sluice.err()).contains("\"level\":\"warn\"", "SLUICE_NETWORK_GRPC_PORT?");
  }
}
