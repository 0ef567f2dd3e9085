// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objectives in a configuration file. */
final class SloSectionTest {
  private static final String GOOD =
      """
      slo:
        "*":
          - {name: p99, percentile: 99, under: 50ms, window: 5m}
          - name: up
            availability: "99.95"
            window: 1h
            min-requests: 20
        all-minilm-l6-v2: []
        bert.large_2:
          - {name: tail, percentile: 99.9, under: 2s, window: 720h}
      """;

  @TempDir Path folder;

  @Test
  void objectivesAreReadWithTheirDefaults() throws Exception {
    var slo = load(GOOD).config().slo();
    assertThat(slo.of("any"))
        .containsExactly(
            new Objective.Latency(
                "p99", new Target(990_000), Duration.ofMillis(50), Duration.ofMinutes(5), 100),
            new Objective.Availability("up", new Target(999_500), Duration.ofHours(1), 20));
    assertThat(slo.of("all-minilm-l6-v2")).isEmpty();
    assertThat(slo.of("bert.large_2"))
        .containsExactly(
            new Objective.Latency(
                "tail", new Target(999_000), Duration.ofSeconds(2), Duration.ofDays(30), 1000));
    assertThat(slo.named()).containsExactly("bert.large_2");
  }

  @Test
  void withoutASectionOrWithAnEmptyOneThereAreNone() throws Exception {
    for (String text : List.of("", "slo:\n", "slo: {}\n")) {
      assertThat(load(text).config()).isEqualTo(ServerConfig.defaults());
    }
  }

  @Test
  void thePrintoutSaysWhereEachIsWrittenAndIsAFileThatGivesTheSame() throws Exception {
    LoadedConfig loaded = load(GOOD);
    Path file = folder.resolve("sluice.yaml");
    assertThat(loaded.printout())
        .contains("slo:\n  \"*\":  # " + file + ":2\n")
        .contains(
            "    - {name: \"p99\", percentile: 99, under: 50ms, window: 5m, min-requests: 100}"
                + ("  # " + file + ":3\n"))
        .contains(
            "    - {name: \"up\", availability: 99.95, window: 1h, min-requests: 20}"
                + ("  # " + file + ":4\n"))
        .contains("  \"all-minilm-l6-v2\": []  # " + file + ":8\n");
    assertThat(load(loaded.printout()).config()).isEqualTo(loaded.config());
    assertThat(load("").printout()).contains("slo: {}  # default\n");
    assertThat(load(load("").printout()).config()).isEqualTo(ServerConfig.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          slo: 7                                    | slo must be a map of models, each with its objectives
          slo: {m: {name: x}}                       | slo.m must be a list of objectives such as {name: p99, percentile: 99, under: 50ms, window: 5m}
          slo: {m: }                                | slo.m must be a list of objectives such as {name: p99, percentile: 99, under: 50ms, window: 5m}
          slo: {'a/../b': []}                       | slo.a/../b is neither the name of a model nor "*" for all
          slo: {m: [], m: []}                       | slo.m is given twice, first in line 1
          slo: {m: [p99]}                           | slo.m[0] must be a map such as {name: p99, percentile: 99, under: 50ms, window: 5m}
          slo: {m: [{name: a, percentil: 9}]}       | slo.m[0].percentil is not a key of an objective; did you mean percentile?
          slo: {m: [{name: a, windw: 9}]}           | slo.m[0].windw is not a key of an objective; did you mean window?
          slo: {m: [{name: a, zebra: 9}]}           | slo.m[0].zebra is not a key of an objective
          slo: {m: [{name: a, name: b}]}            | slo.m[0].name is given twice, first in line 1
          slo: {m: [{name: 'a b'}]}                 | slo.m[0].name expects a word of at most 64 letters, digits, '.', '_' or '-', not 'a b'
          slo: {m: [{name: [a]}]}                   | slo.m[0].name expects a word of at most 64 letters, digits, '.', '_' or '-'
          slo: {m: [{window: 5m}]}                  | slo.m[0] lacks name: a word of at most 64 letters, digits, '.', '_' or '-'
          slo: {m: [{name: a}]}                     | slo.m[0] lacks window: a duration such as 500ms, 25s or 5m, from 1m to 720h
          slo: {m: [{window: 59s}]}                 | slo.m[0].window expects a duration such as 500ms, 25s or 5m, from 1m to 720h, not '59s'
          slo: {m: [{window: 721h}]}                | slo.m[0].window expects a duration such as 500ms, 25s or 5m, from 1m to 720h, not '721h'
          slo: {m: [{percentile: 100}]}             | slo.m[0].percentile expects a percentage from 1 to 99.9999 with at most four decimals, not '100'
          slo: {m: [{percentile: 0.9999}]}          | slo.m[0].percentile expects a percentage from 1 to 99.9999 with at most four decimals, not '0.9999'
          slo: {m: [{availability: 99.99999}]}      | slo.m[0].availability expects a percentage from 1 to 99.9999 with at most four decimals, not '99.99999'
          slo: {m: [{availability: -1}]}            | slo.m[0].availability expects a percentage from 1 to 99.9999 with at most four decimals, not '-1'
          slo: {m: [{percentile: 99, under: 0ms}]}  | slo.m[0].under expects a duration such as 500ms, 25s or 5m, from 1ms to 10m, not '0ms'
          slo: {m: [{percentile: 99, window: 5m}]}  | slo.m[0] lacks under: a duration such as 500ms, 25s or 5m, from 1ms to 10m
          slo: {m: [{under: 5ms, window: 5m}]}      | slo.m[0] lacks percentile: a percentage from 1 to 99.9999 with at most four decimals
          slo: {m: [{under: 5ms, availability: 9}]} | slo.m[0] must have either percentile and under, or availability
          slo: {m: [{name: a, window: 5m}]}         | slo.m[0] must have either percentile and under, or availability
          slo: {m: [{min-requests: 0}]}             | slo.m[0].min-requests expects a whole number from 1 to 1000000000000, not '0'
          slos: {m: []}                             | slos is not a section; did you mean slo?
          """)
  void eachKindOfProblemSaysWhatWouldBeRight(String text, String problem) throws Exception {
    assertThat(problems(text)).contains(folder.resolve("sluice.yaml") + ":1: " + problem);
  }

  @Test
  void twoObjectivesOfAModelMayNotShareANameAndThoseOfTwoModelsMay() throws Exception {
    String one = "  - {name: up, availability: 99, window: 1m}\n";
    assertThat(load("slo:\n m:\n" + one + " n:\n" + one).config().slo().named())
        .containsExactly("m", "n");
    assertThat(problems("slo:\n m:\n" + one + one))
        .containsExactly(
            folder.resolve("sluice.yaml") + ":4: slo.m[1].name is used before, in line 3");
  }

  @Test
  void sixteenObjectivesAreTakenAndOneMoreIsNot() throws Exception {
    StringBuilder text = new StringBuilder("slo:\n m:\n");
    for (int i = 0; i < SloSection.MOST_OBJECTIVES; i++) {
      text.append("  - {name: o").append(i).append(", availability: 99, window: 1m}\n");
    }
    assertThat(load(text.toString()).config().slo().of("m")).hasSize(16);
    text.append("  - {name: more, availability: 99, window: 1m}\n");
    assertThat(problems(text.toString()))
        .containsExactly(folder.resolve("sluice.yaml") + ":3: slo.m has more than 16 objectives");
  }

  private LoadedConfig load(String text) throws Exception {
    return ConfigLoader.load(Optional.of(write(text)), Map.of(), Map.of());
  }

  private List<String> problems(String text) throws IOException {
    Path file = write(text);
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(Optional.of(file), Map.of(), Map.of()))
        .problems();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("sluice.yaml"), text);
  }
}
