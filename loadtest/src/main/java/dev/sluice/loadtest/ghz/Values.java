// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command line over the file over what ghz presets, by flag. */
final class Values {
  private static final String SCENARIO = "scenario";

  private final Map<Flag, Object> arguments;
  private final Map<Flag, Object> file;
  private final boolean withFile;

  Values(Map<Flag, Object> arguments, Optional<Map<Flag, Object>> file) {
    this.arguments = arguments;
    this.file = file.orElse(Map.of());
    this.withFile = file.isPresent();
  }

  boolean set(String name) {
    Flag flag = flag(name);
    return arguments.containsKey(flag) || file.containsKey(flag);
  }

  String text(String name) {
    return (String) value(name);
  }

  Optional<Path> path(String name) {
    return text(name).isEmpty() ? Optional.empty() : Optional.of(path(name, text(name)));
  }

  List<Path> paths(String name) {
    return texts(name).stream().map(text -> path(name, text)).toList();
  }

  private static Path path(String name, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new OptionsException(name + " is no path that can be");
    }
  }

  int number(String name) {
    return (Integer) value(name);
  }

  boolean on(String name) {
    return (Boolean) value(name);
  }

  Duration duration(String name) {
    return (Duration) value(name);
  }

  List<String> texts(String name) {
    return ((List<?>) value(name)).stream().map(String.class::cast).toList();
  }

  @SuppressWarnings("unchecked") // Parsers makes maps of strings alone.
  Map<String, String> map(String name) {
    return (Map<String, String>) value(name);
  }

  private Object value(String name) {
    Flag flag = flag(name);
    Object given = arguments.containsKey(flag) ? arguments.get(flag) : file.get(flag);
    if (given != null) {
      return given;
    }
    String preset = scenarioPreset(name);
    if (preset != null) {
      return Parsers.text(flag, preset);
    }
    return Parsers.text(flag, withFile ? flag.filePreset() : flag.preset());
  }

  /** Its length is not set where something else ends the run. */
  private @Nullable String scenarioPreset(String name) {
    if (name.equals(SCENARIO) || !set(SCENARIO)) {
      return null;
    } else if (name.equals("duration") && (set("total") || set("find-max-rps"))) {
      return null;
    }
    return Scenario.preset(text(SCENARIO), name);
  }

  private static Flag flag(String name) {
    Flag flag = FlagTable.named(name);
    if (flag == null) {
      throw new IllegalStateException("no flag " + name);
    }
    return flag;
  }
}
