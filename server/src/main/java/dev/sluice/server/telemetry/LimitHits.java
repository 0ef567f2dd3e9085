// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often each limit was hit. The names come from the code, never from a request, so there are
 * few. Safe for any number of threads.
 */
final class LimitHits {
  private final ConcurrentMap<String, LongAdder> hits = new ConcurrentHashMap<>();

  void hit(String limit) {
    LongAdder adder = hits.get(limit);
    if (adder == null) {
      adder = hits.computeIfAbsent(limit, name -> new LongAdder());
    }
    adder.increment();
  }

  SortedMap<String, Long> read() {
    SortedMap<String, Long> read = new TreeMap<>();
    for (Map.Entry<String, LongAdder> entry : hits.entrySet()) {
      read.put(entry.getKey(), entry.getValue().sum());
    }
    return read;
  }
}
