// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.List;
import java.util.Locale;

/**
 * A configuration that can be used.
 *
 * @param entries every setting with its merged value and where that came from
 * @param slos the objectives, as the file has them
 * @param hints what looks odd but does no harm
 */
public record LoadedConfig(
    ServerConfig config, List<Entry> entries, List<SloEntry> slos, List<String> hints) {
  public LoadedConfig {
    entries = List.copyOf(entries);
    slos = List.copyOf(slos);
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
      text.append(comment(entry.source()));
    }
    slos(text);
    return text.toString();
  }

  private void slos(StringBuilder text) {
    text.append(SloSection.NAME).append(slos.isEmpty() ? ": {}  # default\n" : ":\n");
    for (SloEntry entry : slos) {
      text.append("  ").append(Messages.yamlQuote(entry.model()));
      text.append(entry.lines().isEmpty() ? ": []" : ":").append(comment(entry.source()));
      for (SloEntry.Line line : entry.lines()) {
        text.append("    - ").append(line.text()).append(comment(line.source()));
      }
    }
  }

  private static String comment(Source source) {
    return String.format(Locale.ROOT, "  # %s%n", source.text());
  }

  private static String line(Entry entry) {
    return "  " + entry.setting().name() + ": " + entry.value();
  }
}
