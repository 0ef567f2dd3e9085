// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.Objectives;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges what was given: a flag beats a variable, which beats the file, which beats the default.
 */
public final class ConfigLoader {
  private final Problems problems = new Problems();
  private final Values values = new Values();
  private final Set<Setting<?>> bad = new HashSet<>();
  private final Map<Setting<?>, Given> given = new HashMap<>();
  private final List<SloEntry> slos = new ArrayList<>();

  private ConfigLoader() {}

  /**
   * Reads, merges and judges.
   *
   * @param file the configuration file, if one was named
   * @param flags the texts given for each setting on the command line
   * @throws ConfigException if anything is wrong, with all that is
   */
  public static LoadedConfig load(
      Optional<Path> file, Map<String, String> environment, Map<Setting<?>, List<String>> flags)
      throws ConfigException {
    ConfigLoader loader = new ConfigLoader();
    file.ifPresent(loader::read);
    loader.given.putAll(VariableLayer.read(environment));
    flags.forEach(
        (setting, texts) ->
            loader.given.put(setting, new Given(texts, new Source.Flag(setting.flag()))));
    return loader.judge(VariableLayer.hints(environment));
  }

  private void read(Path file) {
    FileLayer.Contents contents = FileLayer.read(file, problems);
    given.putAll(contents.settings());
    slos.addAll(contents.slos());
  }

  private LoadedConfig judge(List<String> hints) throws ConfigException {
    List<LoadedConfig.Entry> entries = new ArrayList<>();
    for (Setting<?> setting : Settings.ALL) {
      entries.add(value(setting));
    }
    for (Rule rule : Rule.ALL) {
      if (rule.settings().stream().noneMatch(bad::contains)) {
        rule.broken().apply(values).ifPresent(what -> blame(rule, what));
      }
    }
    if (!problems.lines().isEmpty()) {
      throw new ConfigException(problems.lines());
    }
    return new LoadedConfig(ServerConfig.from(values, objectives()), entries, slos, hints);
  }

  private Objectives objectives() {
    Map<String, List<Objective>> byModel = new HashMap<>();
    for (SloEntry entry : slos) {
      byModel.put(entry.model(), entry.lines().stream().map(SloEntry.Line::objective).toList());
    }
    return new Objectives(byModel);
  }

  private <T> LoadedConfig.Entry value(Setting<T> setting) {
    Given text = given.get(setting);
    if (text != null) {
      setting
          .type()
          .parse(text.texts())
          .ifPresentOrElse(
              value -> values.put(setting, value),
              () -> {
                bad.add(setting);
                problems.add(
                    text.source(), subject(setting, text.source()), expects(setting, text));
              });
    }
    return new LoadedConfig.Entry(
        setting, setting.type().print(values.get(setting)), source(setting));
  }

  /** Blames the first setting of the rule that somebody wrote; the others may be defaults. */
  private void blame(Rule rule, String what) {
    Source source =
        rule.settings().stream()
            .filter(given::containsKey)
            .map(this::source)
            .findFirst()
            .orElse(new Source.Default());
    problems.add(source, rule.settings().get(0).key(), what);
  }

  private Source source(Setting<?> setting) {
    Given text = given.get(setting);
    return text == null ? new Source.Default() : text.source();
  }

  private static String subject(Setting<?> setting, Source source) {
    return source instanceof Source.File ? setting.key() : "the value";
  }

  private static String expects(Setting<?> setting, Given text) {
    String got =
        text.texts().size() == 1
            ? Messages.quote(text.texts().get(0))
            : text.texts().size() + " values";
    boolean file = text.source() instanceof Source.File;
    return (file ? "expects " : "must be ") + setting.type().expected() + ", not " + got;
  }
}
