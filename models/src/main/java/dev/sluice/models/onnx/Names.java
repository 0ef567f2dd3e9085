// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Every name that is taken in a graph or in one nested in it. */
final class Names {
  private final Set<String> taken = new HashSet<>();
  private int last;

  /** Whether it was free. */
  boolean take(String name) {
    return taken.add(name);
  }

  void takeAll(Collection<String> names) {
    taken.addAll(names);
  }

  /** Takes a new name that begins like this. */
  String fresh(String hint) {
    String name = hint;
    while (name.isEmpty() || !taken.add(name)) {
      name = hint + "_" + ++last;
    }
    return name;
  }
}
