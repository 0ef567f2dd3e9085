// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The model without a server, driven from stdin by one word a line, each answered by one line:
 *
 * <ul>
 *   <li>{@code start THREADS SIZES}: run batches, with sizes as {@code rows:weight,...}
 *   <li>{@code record}: keep durations from here on
 *   <li>{@code completed}: texts embedded since the start
 *   <li>{@code stop}: the median and the 99th percentile of a batch in milliseconds
 * </ul>
 *
 * Ends with its input.
 */
public final class Main {
  /** What it says first, when the model is loaded. */
  public static final String READY = "ready";

  private Main() {}

  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = System.out;
    Path cache = Path.of(System.getenv("SLUICE_CACHE"));
    try (BatchLoop loop = new BatchLoop(cache, Texts.ALL, System::nanoTime)) {
      out.println(READY);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(answer(loop, line.split(" ", -1)));
      }
    }
  }

  private static String answer(BatchLoop loop, String[] words) throws Exception {
    return switch (words[0]) {
      case "start" -> {
        loop.start(Integer.parseInt(words[1]), words[2]);
        yield "started";
      }
      case "record" -> {
        loop.record();
        yield "recording";
      }
      case "completed" -> Long.toString(loop.completed());
      case "stop" -> loop.stop();
      default -> throw new IllegalArgumentException("unknown command " + words[0]);
    };
  }
}
