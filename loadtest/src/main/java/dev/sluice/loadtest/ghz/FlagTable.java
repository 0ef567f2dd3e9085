// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every flag there is, by name and by letter. */
final class FlagTable {
  static final List<Flag> ALL =
      Stream.concat(GhzFlags.ALL.stream(), SluiceFlags.ALL.stream()).toList();

  private static final Map<String, Flag> BY_NAME = new LinkedHashMap<>();
  private static final Map<Character, Flag> BY_LETTER = new LinkedHashMap<>();

  static {
    for (Flag flag : ALL) {
      BY_NAME.put(flag.name(), flag);
      if (flag.letter() != Flag.NO_LETTER) {
        BY_LETTER.put(flag.letter(), flag);
      }
    }
  }

  private FlagTable() {}

  static @Nullable Flag named(String name) {
    return BY_NAME.get(name);
  }

  static @Nullable Flag lettered(char letter) {
    return BY_LETTER.get(letter);
  }

  static Collection<String> names() {
    return BY_NAME.keySet();
  }
}
