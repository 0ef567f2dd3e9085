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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigLoaderTest {
  private static final String PORT = "SLUICE_NETWORK_GRPC_PORT";

  @TempDir Path folder;

  @Test
  void aFlagBeatsAVariableWhichBeatsTheFileWhichBeatsTheDefault() throws Exception {
    Optional<Path> file = Optional.of(write("network: {grpc-port: 1}"));
    Map<String, String> variable = Map.of(PORT, "2");
    Map<Setting<?>, List<String>> flag = Map.of(Settings.GRPC_PORT, List.of("3"));

    assertThat(port(Optional.empty(), Map.of(), Map.of())).isEqualTo(8001);
    assertThat(port(file, Map.of(), Map.of())).isEqualTo(1);
    assertThat(port(file, variable, Map.of())).isEqualTo(2);
    assertThat(port(file, variable, flag)).isEqualTo(3);
  }

  @Test
  void anEmptyFileAndEmptySectionsChangeNothing() throws Exception {
    for (String text : List.of("", "# nothing\n", "network:\n", "---\n")) {
      assertThat(load(text).config()).isEqualTo(ServerConfig.defaults());
    }
  }

  @Test
  void aKeyMayBeWrittenInFullButNotTwice() throws Exception {
    assertThat(load("network.grpc-port: 7").config().network().grpcPort()).isEqualTo(7);
    Path file = write("network.grpc-port: 7\nnetwork:\n  grpc-port: 8");
    assertThat(problems(file))
        .containsExactly(file + ":3: network.grpc-port is given twice, first in line 1");
  }

  @Test
  void aVariableNamesSeveralFoldersAsPathDoes() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Map<String, String> variable = Map.of("SLUICE_MODELS_REPOSITORIES", folder + ":" + other);
    assertThat(
            ConfigLoader.load(Optional.empty(), variable, Map.of())
                .config()
                .models()
                .repositories())
        .containsExactly(folder, other);
  }

  @Test
  void anUnknownVariableIsAHintAndNeverAProblem() throws Exception {
    Map<String, String> variables =
        Map.of("SLUICE_NETWORK_GRPC_PROT", "1", "SLUICE_SERVICE_HOST", "10.0.0.1");
    assertThat(ConfigLoader.load(Optional.empty(), variables, Map.of()).hints())
        .containsExactly(
            "env SLUICE_NETWORK_GRPC_PROT is not a setting; did you mean " + PORT + "?");
  }

  @Test
  void allProblemsAreListedAtOnceWithTheirPlaces() throws Exception {
    Path file =
        write(
            """
            network:
              grpc-prt: 1
              host: [a]
            limts:
              x: 1
            lifecycle:
              drain-limit: fast
            """);
    Map<Setting<?>, List<String>> flags = Map.of(Settings.LANES, List.of("3x"));
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.load(Optional.of(file), Map.of(PORT, "70000"), flags));
    assertThat(failure.problems())
        .containsExactlyInAnyOrder(
            file + ":2: network.grpc-prt is not a setting; did you mean network.grpc-port?",
            file + ":3: network.host expects a host name or address, not a list",
            file + ":4: limts is not a section; did you mean limits?",
            file
                + ":7: lifecycle.drain-limit expects a duration such as 500ms, 25s or 5m, from 0s"
                + " to 1h, not 'fast'",
            "env " + PORT + ": the value must be a whole number from 0 to 65535, not '70000'",
            "--lanes: the value must be auto or a whole number from 1 to 1024, not '3x'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          network: {host: }                  | network.host expects a host name or address, not nothing
          network: {host: {a: b}}            | network.host expects a host name or address, not a map
          network: {host: 'a b'}             | network.host expects a host name or address, not 'a b'
          network: {grpc-port: -1}           | network.grpc-port expects a whole number from 0 to 65535, not '-1'
          network: {grpc-port: 80.5}         | network.grpc-port expects a whole number from 0 to 65535, not '80.5'
          network: {host: !x a}              | network.host expects a host name or address, not a value with the tag '!x'
          network: {host: a, host: b}        | network.host is given twice, first in line 1
          network: 7                         | network must be a map of settings
          [1, 2]                             | the file must be a map of sections
          [a]: 1                             | a key must be a word
          grpcPort: 1                        | grpcPort is not a setting; did you mean network.grpc-port?
          zebra: 1                           | zebra is not a setting
          models: {load-probe: yes}          | models.load-probe expects true or false, not 'yes'
          models: {device: tpu}              | models.device expects auto, cpu, gpu or gpu:N, not 'tpu'
          models: {gpu-memory: 101%}         | models.gpu-memory expects all, a share of what is free such as 80%, or a size such as 8GiB, from 1MiB to 1024GiB, not '101%'
          models: {gpu-memory: 0.5}          | models.gpu-memory expects all, a share of what is free such as 80%, or a size such as 8GiB, from 1MiB to 1024GiB, not '0.5'
          models: {repositories: [[a]]}      | models.repositories expects a path, or a list of at most 64 paths, not a list that holds something else
          models: {repositories: [/no/dir]}  | models.repositories names a folder that does not exist: /no/dir
          models: {repositories: [/, /.]}    | models.repositories names a folder twice: /.
          logging: {level: loud}             | logging.level expects one of trace, debug, info, warn, error, not 'loud'
          lifecycle: {drain-delay: 25s}      | lifecycle.drain-delay must be shorter than lifecycle.drain-limit: 25s, limit 25s
          limits: {default-deadline: 11m}    | limits.default-deadline must not be above limits.max-deadline: 11m > 10m
          variants: {ofer: none}             | variants.ofer is not a setting; did you mean variants.offer?
          variants: {policy: fastst}         | variants.policy expects one of fixed, fastest, brownout, not 'fastst'
          variants: {offer: int4}            | variants.offer expects one of int8, none, not 'int4'
          variants: {scheme: best}           | variants.scheme expects one of auto, dynamic, per-token, static, not 'best'
          variants: {brownout-leave: 0.5}    | variants.brownout-leave must be below variants.brownout-enter: 0.5, enter 0.5
          limits: {max-queue-rows: 31}       | limits.max-batch-rows must not be above limits.max-queue-rows, or the largest allowed could never wait: 32 > 31
          grpc: {max-message-bytes: 1023}    | grpc.max-message-bytes expects a size such as 8KiB or 64MiB, from 1KiB to 2047MiB, not '1023'
          grpc: {max-message-bytes: 2048MiB} | grpc.max-message-bytes expects a size such as 8KiB or 64MiB, from 1KiB to 2047MiB, not '2048MiB'
          """)
  void eachKindOfProblemSaysWhatWouldBeRight(String text, String problem) throws Exception {
    Path file = write(text);
    assertThat(problems(file)).contains(file + ":1: " + problem);
  }

  @Test
  void aRepositoryThatIsAFileIsRefused() throws Exception {
    Path model = Files.writeString(folder.resolve("model.onnx"), "x");
    Path file = write("models: {repositories: " + model + ", cache-directory: " + model + "}");
    assertThat(problems(file))
        .containsExactly(
            file + ":1: models.repositories names something that is not a folder: " + model,
            file + ":1: models.cache-directory names something that is not a folder: " + model);
  }

  @Test
  void rulesAreNotJudgedOnValuesThatAreAlreadyWrong() throws Exception {
    Path file = write("lifecycle: {drain-limit: x, drain-delay: 1h}");
    assertThat(problems(file)).singleElement().asString().contains("drain-limit expects");
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() throws Exception {
    Path file = write("\"a\\e[31mb\": 1\nnetwork: {host: \"x\\ny\"}");
    assertThat(problems(file)).hasSize(2).noneMatch(line -> line.matches("(?s).*\\p{Cntrl}.*"));
  }

  private LoadedConfig load(String text) throws Exception {
    return ConfigLoader.load(Optional.of(write(text)), Map.of(), Map.of());
  }

  private static List<String> problems(Path file) {
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(Optional.of(file), Map.of(), Map.of()))
        .problems();
  }

  private static int port(
      Optional<Path> file, Map<String, String> variables, Map<Setting<?>, List<String>> flags)
      throws ConfigException {
    return ConfigLoader.load(file, variables, flags).config().network().grpcPort();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("sluice.yaml"), text);
  }
}
