// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/** HdrHistogram's table of percentiles ({@code .hgrm}), in milliseconds. */
public final class HgrmFormat {
  private static final int TICKS_PER_HALF_DISTANCE = 5;
  private static final double NANOS_PER_MILLI = 1e6;

  private HgrmFormat() {}

  public static void write(Histogram nanos, OutputStream out) throws IOException {
    PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
    nanos.outputPercentileDistribution(print, TICKS_PER_HALF_DISTANCE, NANOS_PER_MILLI);
    if (print.checkError()) {
      throw new IOException("percentiles could not be written whole");
    }
  }
}
