// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.run.RunListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What is told of a run whose second i took i ms a call. */
final class LiveViewTest {
  private static final long SECOND = 1_000_000_000;
  private final StringWriter told = new StringWriter();

  private LiveView after(int seconds, boolean terminal, long dropped) {
    LiveView view = new LiveView(new PrintWriter(told), terminal);
    for (int i = 0; i < seconds; i++) {
      Histogram times = new Histogram(3);
      times.recordValueWithCount((i + 1) * 1_000_000L, 1_234);
      view.passed(
          new RunListener.Progress(
              new Interval(i * SECOND, SECOND, times, times, 6, 5),
              (i + 1) * 1_240L,
              (i + 1) * 6L,
              dropped,
              () -> {
                throw new AssertionError("nothing so costly is needed");
              },
              why -> {}));
    }
    return view;
  }

  @Test
  void elsewhereThereIsALineEachTenSeconds() {
    after(9, false, 0).close();
    assertThat(told.toString()).isEmpty();
    after(25, false, 0).close();
    assertThat(told.toString().lines())
        .containsExactly(
            "10 s: 12,400 calls, 1,240/s, p50 10.00 ms, p99 10.00 ms, 60 errors, 5 in flight",
            "20 s: 24,800 calls, 1,240/s, p50 20.00 ms, p99 20.00 ms, 120 errors, 5 in flight");
  }

  @Test
  void onATerminalOneLineIsWrittenOverWithACurveAndThenTakenAway() {
    LiveView view = after(8, true, 3);
    String[] lines = told.toString().split("\r\u001b\\[K", -1);
    assertThat(lines).hasSize(9);
    assertThat(lines[8])
        .startsWith("8 s: 9,920 calls, 1,240/s, p50 8.00 ms")
        .endsWith("5 in flight, 3 dropped \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588");
    assertThat(told.toString()).doesNotContain("\n");
    view.close();
    assertThat(told.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void theCurveIsOfTheLastHalfMinute() {
    after(100, true, 0);
    String last = told.toString().substring(told.toString().lastIndexOf('K') + 1);
    assertThat(last.substring(last.lastIndexOf(' ') + 1)).hasSize(30).startsWith("\u2581");
  }
}
