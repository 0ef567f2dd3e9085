// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.List;
import java.util.Locale;

/**
 * A configuration that can be used.
 *
 * @param entries every setting with its merged value and where that came from
 * @param hints what looks odd but does no harm
 */
public record LoadedConfig(ServerConfig config, List<Entry> entries, List<String> hints) {
  public LoadedConfig {
    entries = List.copyOf(entries);
    hints = List.copyOf(hints);
  }

  /** One setting, its value as YAML, and its source. */
  public record Entry(Setting<?> setting, String value, Source source) {}

  /** The whole configuration as a YAML file that says behind each value where it came from. */
  public String printout() {
    int width =
        entries.stream()
            .mapToInt(entry -> line(entry).length())
            .filter(n -> n < 72)
            .max()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    String section = "";
    for (Entry entry : entries) {
      if (!entry.setting().section().equals(section)) {
        section = entry.setting().section();
        text.append(section).append(":\n");
      }
      String line = line(entry);
      text.append(line).append(" ".repeat(Math.max(0, width - line.length())));
      text.append(String.format(Locale.ROOT, "  # %s%n", entry.source().text()));
    }
    return text.toString();
  }

  private static String line(Entry entry) {
    return "  " + entry.setting().name() + ": " + entry.value();
  }
}
