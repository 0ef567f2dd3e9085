// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;

/** Short ways to write calls whose payloads are their names. */
final class Calls {
  private Calls() {}

  /** One item of one row and one token. */
  static Call<String> call(String name) {
    return call(item(name));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static Call<String> call(Item<String>... items) {
    return new Call<>(List.of(items), Call.NO_DEADLINE, Criticality.CRITICAL, "");
  }

  /** So many items of one row and one token, called name0, name1 and so on. */
  static Call<String> callOf(int count, String name) {
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item(name + i));
    }
    return new Call<>(items, Call.NO_DEADLINE, Criticality.CRITICAL, "");
  }

  static Call<String> due(Call<String> call, long deadlineNanos) {
    return new Call<>(call.items(), deadlineNanos, call.criticality(), call.tenant());
  }

  static Call<String> ranked(Call<String> call, Criticality criticality) {
    return new Call<>(call.items(), call.deadlineNanos(), criticality, call.tenant());
  }

  static Call<String> owned(String tenant, Call<String> call) {
    return new Call<>(call.items(), call.deadlineNanos(), call.criticality(), tenant);
  }

  static Call<String> at(int level, Call<String> call) {
    return at(level, Call.NO_DEADLINE, call);
  }

  static Call<String> at(int level, long demoteNanos, Call<String> call) {
    return new Call<>(
        call.items(), call.deadlineNanos(), call.criticality(), level, demoteNanos, call.tenant());
  }

  static Item<String> item(String name) {
    return item(name, 1, 1);
  }

  static Item<String> item(String name, int rows, int tokens) {
    return new Item<>(name, rows, tokens, 1, "shape");
  }

  static Item<String> shaped(String name, Object shapeKey) {
    return new Item<>(name, 1, 1, 1, shapeKey);
  }
}
