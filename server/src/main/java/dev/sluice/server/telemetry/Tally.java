// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often, and how long in all. Safe for any number of threads. */
final class Tally {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  void add(long duration) {
    count.increment();
    nanos.add(duration);
  }

  static SortedMap<Integer, MeterReading.Sum> read(Map<Integer, Tally> tallies) {
    SortedMap<Integer, MeterReading.Sum> read = new TreeMap<>();
    tallies.forEach(
        (size, tally) ->
            read.put(size, new MeterReading.Sum(tally.count.sum(), tally.nanos.sum())));
    return read;
  }
}
