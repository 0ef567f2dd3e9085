// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which names a model may have. Names come from requests as well as from folders, so this is the
 * check that keeps a request from reaching the file system at all.
 */
public final class ModelNames {
  private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}");
  private static final int SHOWN = 80;

  private ModelNames() {}

  public static boolean valid(String name) {
    return VALID.matcher(name).matches();
  }

  /** What is wrong with a name; empty when it is valid. */
  public static Optional<String> problem(String name) {
    if (valid(name)) {
      return Optional.empty();
    }
    return Optional.of(
        "'"
            + printable(name)
            + "' cannot be a model name: 1 to 128 letters, digits, '.', '_' or '-', the first a"
            + " letter or digit");
  }

  /**
   * The name with everything but plain ASCII replaced and cut to what fits a line, then never
   * valid.
   */
  public static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < name.length() && i < SHOWN; i++) {
      char c = name.charAt(i);
      shown.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return name.length() > SHOWN ? shown + " ..." : shown.toString();
  }
}
