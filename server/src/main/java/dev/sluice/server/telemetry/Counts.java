// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** A counter for each constant of an enum. Safe for any number of threads. */
final class Counts<E extends Enum<E>> {
  private final Class<E> type;
  private final PerConstant<E, LongAdder> adders;

  Counts(Class<E> type) {
    this.type = type;
    this.adders = PerConstant.of(type, constant -> new LongAdder());
  }

  void add(E constant, long amount) {
    adders.get(constant).add(amount);
  }

  PerConstant<E, Long> read() {
    return PerConstant.of(type, constant -> adders.get(constant).sum());
  }
}
