// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What environment variables say. Several values are separated as in PATH. */
final class VariableLayer {
  private static final Pattern SEPARATOR = Pattern.compile(File.pathSeparator, Pattern.LITERAL);

  private VariableLayer() {}

  static Map<Setting<?>, Given> read(Map<String, String> environment) {
    Map<Setting<?>, Given> found = new HashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      String text = environment.get(setting.variable());
      if (text != null && !text.isEmpty()) {
        List<String> texts =
            setting.type().many() ? SEPARATOR.splitAsStream(text).toList() : List.of(text);
        found.put(setting, new Given(texts, new Source.Variable(setting.variable())));
      }
    }
    return found;
  }

  /**
   * Variables that look like a misspelt setting. Only a hint: Kubernetes makes SLUICE_... variables
   * for every service of that name, and none of them may keep the server from starting.
   */
  static List<String> hints(Map<String, String> environment) {
    Map<String, String> names =
        Settings.ALL.stream()
            .map(Setting::variable)
            .collect(Collectors.toMap(VariableLayer::asKey, name -> name));
    List<String> hints = new ArrayList<>();
    for (String name : environment.keySet()) {
      if (name.startsWith("SLUICE_") && !names.containsValue(name)) {
        Suggestions.nearest(asKey(name), names.keySet())
            .map(names::get)
            .ifPresent(
                near -> hints.add("env " + name + " is not a setting; did you mean " + near + "?"));
      }
    }
    hints.sort(Comparator.naturalOrder());
    return hints;
  }

  private static String asKey(String variable) {
    return variable.substring("SLUICE_".length()).replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
