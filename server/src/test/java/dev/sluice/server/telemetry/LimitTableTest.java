// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.config.Setting;
import dev.sluice.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The limits of the code, of the settings and of the documentation are the same ones. */
final class LimitTableTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z]+\\.[a-z:-]+)` \\| `(--[a-z-]+)` \\| (\\S+) \\| [^|]+ \\|");

  private static final Pattern NOT_COUNTED = Pattern.compile("- `([a-z]+\\.[a-z-]+)`: .+");

  private static final Map<String, Setting<?>> SETTINGS =
      Settings.ALL.stream().collect(Collectors.toMap(Setting::key, Function.identity()));

  private static List<Matcher> lines(Pattern pattern) throws IOException {
    List<Matcher> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "operating.md"))) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        found.add(matcher);
      }
    }
    return found;
  }

  @Test
  void theTableHasEveryLimitWithItsSettingAndDefault() throws Exception {
    List<String> documented =
        lines(ROW).stream()
            .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3)))
            .toList();
    List<String> counted = new ArrayList<>();
    for (Limit limit : Limit.values()) {
      Setting<?> setting = Objects.requireNonNull(SETTINGS.get(limit.setting()), limit.label());
      counted.add(String.join(" ", limit.label(), setting.flag(), setting.defaultText()));
    }
    assertThat(documented).containsExactlyInAnyOrderElementsOf(counted);
  }

  @Test
  void everySettingThatLimitsIsCountedOrSaysWhyItIsNot() throws Exception {
    Set<String> limiting =
        SETTINGS.keySet().stream()
            .filter(key -> key.matches("(http|grpc|admin|limits)\\..*"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known =
        Arrays.stream(Limit.values()).map(Limit::setting).collect(Collectors.toSet());
    List<String> explained = lines(NOT_COUNTED).stream().map(row -> row.group(1)).toList();
    assertThat(explained).doesNotContainAnyElementsOf(known).doesNotHaveDuplicates();
    known.addAll(explained);
    assertThat(known).isEqualTo(limiting);
  }
}
