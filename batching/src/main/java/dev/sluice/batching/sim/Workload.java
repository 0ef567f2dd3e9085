// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What comes when, drawn beforehand, so that it is the same for everyone who serves it. */
record Workload(List<Request> requests) {
  private static final double NANOS = 1e9;
  private static final int MOST_TOKENS = 32_768;

  Workload {
    requests = List.copyOf(requests);
  }

  static Workload draw(
      RandomGenerator random, int count, Arrivals arrivals, Lengths lengths, long sloNanos) {
    List<Request> requests = new ArrayList<>(count);
    long now = 0;
    for (int i = 0; i < count; i++) {
      now += arrivals.nextGapNanos(random);
      requests.add(new Request(i, now, lengths.draw(random), sloNanos));
    }
    return new Workload(requests);
  }

  /**
   * Reads a trace: on each line the moment of arrival in seconds, growing; the length in tokens;
   * and, unless {@code sloNanos} is to be used, how many seconds later the answer is wanted. Empty
   * lines and what follows a # are skipped.
   *
   * @throws IllegalArgumentException for anything else, with the number of the line
   */
  static Workload parse(List<String> lines, long sloNanos) {
    List<Request> requests = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        Request request = parse(line, i + 1, requests.size(), sloNanos);
        if (request.arrivalNanos() < before) {
          throw malformed(i + 1, "the time goes back; sort the trace by its first column");
        }
        before = request.arrivalNanos();
        requests.add(request);
      }
    }
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("the trace holds no request");
    }
    return new Workload(requests);
  }

  private static Request parse(String line, int lineNumber, int number, long sloNanos) {
    String[] columns = line.split("\\s+", -1);
    if (columns.length < 2 || columns.length > 3) {
      throw malformed(lineNumber, "expected \"time length [deadline]\", found \"" + line + "\"");
    }
    try {
      double at = Double.parseDouble(columns[0]);
      int tokens = Integer.parseInt(columns[1]);
      double slo = columns.length == 3 ? Double.parseDouble(columns[2]) : sloNanos / NANOS;
      if (at >= 0 && at < 1e6 && tokens >= 1 && tokens <= MOST_TOKENS && slo > 0 && slo < 1e6) {
        return new Request(number, (long) (at * NANOS), tokens, (long) (slo * NANOS));
      }
    } catch (NumberFormatException e) {
      throw malformed(lineNumber, "not a number: " + e.getMessage());
    }
    throw malformed(
        lineNumber,
        "time must be from 0 to 1e6, length from 1 to %d, deadline above 0, in \"%s\""
            .formatted(MOST_TOKENS, line));
  }

  private static IllegalArgumentException malformed(int lineNumber, String why) {
    return new IllegalArgumentException("line " + lineNumber + " of the trace: " + why);
  }
}
