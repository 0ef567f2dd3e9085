// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.ConfigException;
import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.LoadedConfig;
import dev.sluice.server.config.Setting;
import dev.sluice.server.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags that are made from the table of settings, and {@code --config}. Values stay text here:
 * the table judges them, together with what the file and the environment say.
 */
final class SettingFlags {
  private static final String CONFIG = "--config";
  private static final String CONFIG_VARIABLE = "SLUICE_CONFIG";

  private SettingFlags() {}

  /** Adds all of them; those of one section stand under one heading. */
  static void addTo(CommandSpec spec, boolean shown) {
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .type(String.class)
            .paramLabel("FILE")
            .description("YAML file with settings (env " + CONFIG_VARIABLE + ")")
            .build());
    if (!shown) {
      Settings.ALL.forEach(setting -> spec.addOption(option(setting, true)));
      return;
    }
    Map<String, List<Setting<?>>> sections = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      String section = setting.key().substring(0, setting.key().indexOf('.'));
      sections.computeIfAbsent(section, name -> new ArrayList<>()).add(setting);
    }
    sections.forEach((name, settings) -> spec.addArgGroup(group(name, settings)));
  }

  private static ArgGroupSpec group(String name, List<Setting<?>> settings) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder().heading("%nSettings of '" + name + "':%n").validate(false);
    settings.forEach(setting -> group.addArg(option(setting, false)));
    return group.build();
  }

  private static OptionSpec option(Setting<?> setting, boolean hidden) {
    boolean many = setting.type().many();
    return OptionSpec.builder(setting.flag())
        .type(many ? List.class : String.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .hidden(hidden)
        .paramLabel(setting.type().placeholder())
        .description(setting.help() + " (" + setting.defaultText().replace("%", "%%") + ")")
        .build();
  }

  /** Merges flags, environment and file. */
  static LoadedConfig load(ParseResult parsed, Map<String, String> environment)
      throws ConfigException {
    Map<Setting<?>, List<String>> flags = new HashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (parsed.hasMatchedOption(setting.flag())) {
        flags.put(setting, parsed.matchedOption(setting.flag()).stringValues());
      }
    }
    String fallback = environment.getOrDefault(CONFIG_VARIABLE, "");
    String file = parsed.matchedOptionValue(CONFIG, fallback);
    Optional<Path> path = file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    return ConfigLoader.load(path, environment, flags);
  }

  /** Prints every problem at once. */
  static void complain(ConfigException failure, PrintStream err) {
    int count = failure.problems().size();
    err.println(
        "sluice: the configuration has " + (count == 1 ? "a problem:" : count + " problems:"));
    failure.problems().forEach(problem -> err.println("  " + problem));
  }
}
