// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Exactly one value for each constant of an enum. The set of values is immutable. */
public final class PerConstant<E extends Enum<E>, T> {
  private final Map<E, T> values;

  private PerConstant(Map<E, T> values) {
    this.values = values;
  }

  static <E extends Enum<E>, T> PerConstant<E, T> of(Class<E> type, Function<E, T> value) {
    Map<E, T> values = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      values.put(constant, value.apply(constant));
    }
    return new PerConstant<>(values);
  }

  public T get(E constant) {
    return Objects.requireNonNull(values.get(constant));
  }

  /** In the order of the constants. */
  public void forEach(BiConsumer<E, T> action) {
    values.forEach(action);
  }
}
