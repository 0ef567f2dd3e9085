// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.run.RunListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * The file of {@code --debug}: a line of JSON when the run begins and after every interval. A line
 * that cannot be written is left out. Used by one thread.
 */
final class DebugLog implements RunListener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OutputStream out;
  private final InstantSource clock;

  DebugLog(OutputStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void began(long epochMillis) {
    write(line("run began"));
  }

  @Override
  public void passed(Progress progress) {
    Interval interval = progress.interval();
    write(
        line("interval")
            .put("start", interval.startNanos())
            .put("length", interval.lengthNanos())
            .put("count", interval.response().getTotalCount() + interval.errors())
            .put("errors", interval.errors())
            .put("inFlight", interval.inFlight())
            .put("p50", interval.response().getValueAtPercentile(50))
            .put("p99", interval.response().getValueAtPercentile(99))
            .put("total", progress.count())
            .put("dropped", progress.dropped()));
  }

  private ObjectNode line(String message) {
    return JSON.createObjectNode()
        .put("level", "debug")
        .put("ts", clock.instant().toString())
        .put("msg", message);
  }

  private void write(ObjectNode line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      // The run is worth more than its log.
    }
  }
}
