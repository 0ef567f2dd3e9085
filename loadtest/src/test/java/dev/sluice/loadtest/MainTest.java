// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line up to the point where something would be measured. */
final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void everyLevelHelps() {
    assertThat(run("--help")).isZero();
    assertThat(run("bench", "--help")).isZero();
    assertThat(out.toString()).contains("bench", "server", "scheduling");
    assertThat(run("bench", "server", "--help")).isZero();
    assertThat(out.toString()).contains("--rounds", "RESULT grpc_efficiency");
    assertThat(run("bench", "scheduling", "--help")).isZero();
    assertThat(out.toString()).contains("--trace", "RESULT goodput_vs_best_peer_mixed_80");
    assertThat(run("bench", "loadtest", "--help")).isZero();
    assertThat(out.toString()).contains("RESULT rps_per_core");
    assertThat(run("loadtest", "--help")).isZero();
    assertThat(out.toString()).contains("--load-schedule", "--slo");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theGeneratorIsMeasuredByItself() {
    assertThat(run("bench", "loadtest", "--rounds", "1", "--seconds", "0.05"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().lines().toList().getLast())
        .matches("RESULT rps_per_core=[1-9]\\d* send_lag_p99_us=\\d+");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bench|a command is missing: one of server, scheduling
          bench sever|sever
          bench loadtest --rounds 0|--rounds must be from 1 to 1000, not 0
          bench loadtest --seconds 0|--seconds must be from 0.05 to 600.0, not 0.0
          bench server --rouds 3|--rouds
          bench server --rounds 0|--rounds must be from 1 to 1000, not 0
          bench server --callers 8,0|--callers must be from 1 to 4096, not 0
          bench server --callers many|--callers
          bench server --seconds NaN|--seconds must be from 0.05 to 600.0, not NaN
          bench server --server /nowhere/sluice|--server: /nowhere/sluice cannot be run
          bench scheduling --sede 1|--sede
          bench scheduling --seed one|--seed
          bench scheduling --scale 0|the scale is 0.01 to 100, not 0.0
          bench scheduling --scale NaN|the scale is 0.01 to 100, not NaN
          bench scheduling --trace /nowhere/trace|--trace: /nowhere/trace cannot be read
          """)
  void badUsageIsTold(String line, String problem) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(problem).contains("--help'");
    assertThat(out.toString()).isEmpty();
  }
}
