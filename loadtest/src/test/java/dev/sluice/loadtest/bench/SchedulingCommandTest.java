// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.NanoClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The comparison as a user runs it, most of it on a scale too small to mean anything. */
final class SchedulingCommandTest {
  private static final NanoClock STANDS_STILL = () -> 0;

  @TempDir private Path folder;

  private record Ran(int exitCode, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private static Ran run(NanoClock cpuTime, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new SchedulingCommand(cpuTime).spec())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void printsTheTableTheVerdictsAndTheResultLast() throws IOException {
    Ran ran = run(STANDS_STILL, "--scale", "0.01", "--trace", trace("0 10\n0.001 500 0.02\n1 9"));
    assertThat(ran.lines())
        .contains("GPU encoder, trace lengths", "GPU encoder, mixed lengths")
        .contains("CPU MiniLM, long-tailed lengths")
        .anyMatch(line -> line.matches(" +200 % +sort window( +[0-9.]+%?){5}"))
        .anyMatch(line -> line.matches("(met|MISSED) +goodput at 10x .*target 0.85.*"));
    assertThat(ran.lines().getLast())
        .matches("RESULT( [a-z0-9_]+=[0-9.]+){7}")
        .contains(" goodput_share_2x=", " p99_overload_ratio=")
        .endsWith(" ns_per_item=0");
    assertThat(ran.err())
        .contains("GPU encoder, mixed lengths, 80 % load")
        .doesNotContain("RESULT");
  }

  @Test
  void theSameSeedIsTheSameRun() {
    String one = run(STANDS_STILL, "--scale", "0.01", "--seed", "5").out();
    assertThat(run(STANDS_STILL, "--scale", "0.01", "--seed", "5").out()).isEqualTo(one);
    assertThat(run(STANDS_STILL, "--scale", "0.01", "--seed", "6").out()).isNotEqualTo(one);
  }

  @Test
  void onlyAMissedTargetFails() {
    Ran good = run(STANDS_STILL, "--quick");
    assertThat(good.out()).doesNotContain("MISSED");
    assertThat(good.exitCode()).isZero();
    AtomicLong slow = new AtomicLong();
    Ran missed = run(() -> slow.getAndAdd(10_000_000_000L), "--scale", "0.01");
    assertThat(missed.out()).contains("MISSED ns of the scheduler");
    assertThat(missed.exitCode()).isEqualTo(1);
  }

  @Test
  void aMalformedTraceIsBadUsageAndNamesItsLine() throws IOException {
    Ran ran = run(STANDS_STILL, "--trace", trace("# recorded\n0 10\n0.5 five\n"));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("line 3 of the trace: not a number");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void anEmptyTraceIsBadUsage() throws IOException {
    Ran ran = run(STANDS_STILL, "--trace", trace(""));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("the trace holds no request");
  }

  private String trace(String lines) throws IOException {
    return Files.writeString(folder.resolve("trace"), lines).toString();
  }
}
