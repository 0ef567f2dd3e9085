// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice bench server} as a user runs it, against the real server. */
final class BenchServerTest {
  @TempDir private Path folder;

  @Test
  void everyWayIsMeasuredAndTheLastLineIsForScripts() throws Exception {
    try (BenchProcess bench =
        BenchProcess.start(
            folder, BenchProcess.server(), "--callers", "1", "--rounds", "1", "--seconds", "0.2")) {
      List<String> lines = bench.lines();

      assertThat(bench.exitCode()).as(bench.progress()).isZero();
      assertThat(lines).hasSize(8);
      assertThat(lines.getFirst()).startsWith("callers").contains("per CPU-s", "p99 ms");
      assertThat(lines.subList(1, 7))
          .extracting(line -> line.substring("callers  ".length(), "callers  ".length() + 18))
          .extracting(String::strip)
          .containsExactly(
              "in-process",
              "gRPC",
              "HTTP, JSON floats",
              "HTTP, base64",
              "no-op, gRPC",
              "no-op, HTTP");
      assertThat(lines.getLast())
          .matches(
              "RESULT grpc_efficiency=\\d+\\.\\d{3} http_efficiency=\\d+\\.\\d{3}"
                  + " noop_grpc_rps_per_core=[1-9]\\d* noop_http_rps_per_core=[1-9]\\d*");
      assertThat(bench.progress()).contains("warming up", "round 1 of 1, 1 callers");
      assertThat(bench.leftInTemporaryFolder()).isEmpty();
    }
  }

  @Test
  void aBenchThatIsInterruptedTakesItsProcessesWithIt() throws Exception {
    CtrlC.assumeHeard();
    try (BenchProcess bench =
        BenchProcess.start(folder, BenchProcess.server(), "--callers", "1", "--rounds", "1000")) {
      // Two servers and the model in-process.
      List<ProcessHandle> children = bench.awaitChildren(3);
      bench.interrupt();

      assertThat(bench.exitCode()).isEqualTo(130);
      assertThat(children).noneMatch(ProcessHandle::isAlive);
      assertThat(bench.leftInTemporaryFolder()).isEmpty();
    }
  }

  @Test
  void aServerThatDoesNotStartIsTheReason() throws Exception {
    try (BenchProcess bench =
        BenchProcess.start(folder, "echo no such library >&2\nexit 1", "--quick")) {
      assertThat(bench.exitCode()).isEqualTo(1);
      assertThat(bench.progress())
          .contains("sluice: a process of the bench has ended: no such library")
          .doesNotContain("\tat ");
    }
  }
}
