// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Something that must hold between settings, or between a setting and the machine.
 *
 * @param settings what it is about; the first is the one to blame
 * @param broken says what is wrong, to follow the name of the first setting
 */
record Rule(List<Setting<?>> settings, Function<Values, Optional<String>> broken) {

  static final List<Rule> ALL =
      List.of(
          new Rule(List.of(Settings.DRAIN_DELAY, Settings.DRAIN_LIMIT), Rule::drainDelay),
          new Rule(List.of(Settings.DEFAULT_DEADLINE, Settings.MAX_DEADLINE), Rule::deadline),
          new Rule(
              List.of(VariantTable.BROWNOUT_LEAVE, VariantTable.BROWNOUT_ENTER), Rule::brownout),
          notAbove(Settings.MAX_BATCH_ROWS, Settings.MAX_QUEUE_ROWS),
          notAbove(Settings.MAX_BATCH_TOKENS, Settings.MAX_QUEUE_TOKENS),
          notAbove(Settings.MAX_INPUTS_PER_EMBED_CALL, Settings.MAX_QUEUE_ROWS),
          notAbove(Settings.MAX_ROWS_PER_INFER, Settings.MAX_QUEUE_ROWS),
          notAbove(Settings.MAX_MESSAGE, Settings.MAX_QUEUE_BYTES),
          new Rule(List.of(Settings.REPOSITORIES), Rule::repositories),
          new Rule(List.of(Settings.CACHE_DIRECTORY), Rule::cacheDirectory));

  private static <N extends Number> Rule notAbove(
      Setting<N> smaller, Setting<? extends Number> larger) {
    return new Rule(
        List.of(smaller, larger),
        values ->
            values.get(smaller).longValue() <= values.get(larger).longValue()
                ? Optional.empty()
                : Optional.of(
                    "must not be above "
                        + larger.key()
                        + ", or the largest allowed could never wait: "
                        + shown(smaller, values)
                        + " > "
                        + shown(larger, values)));
  }

  private static Optional<String> drainDelay(Values values) {
    Duration delay = values.get(Settings.DRAIN_DELAY);
    Duration limit = values.get(Settings.DRAIN_LIMIT);
    boolean both = delay.isZero() || delay.compareTo(limit) < 0;
    return both
        ? Optional.empty()
        : Optional.of(
            "must be shorter than lifecycle.drain-limit: "
                + shown(Settings.DRAIN_DELAY, values)
                + ", limit "
                + shown(Settings.DRAIN_LIMIT, values));
  }

  private static Optional<String> deadline(Values values) {
    Duration most = values.get(Settings.MAX_DEADLINE);
    return values
        .get(Settings.DEFAULT_DEADLINE)
        .filter(usual -> usual.compareTo(most) > 0)
        .map(
            usual ->
                "must not be above limits.max-deadline: "
                    + Quantities.printDuration(usual)
                    + " > "
                    + Quantities.printDuration(most));
  }

  private static Optional<String> brownout(Values values) {
    boolean apart =
        values.get(VariantTable.BROWNOUT_LEAVE) < values.get(VariantTable.BROWNOUT_ENTER);
    return apart
        ? Optional.empty()
        : Optional.of(
            "must be below variants.brownout-enter: "
                + shown(VariantTable.BROWNOUT_LEAVE, values)
                + ", enter "
                + shown(VariantTable.BROWNOUT_ENTER, values));
  }

  private static Optional<String> repositories(Values values) {
    Set<Path> seen = new HashSet<>();
    for (Path path : values.get(Settings.REPOSITORIES)) {
      String name = Messages.path(path);
      if (!Files.exists(path)) {
        return Optional.of("names a folder that does not exist: " + name);
      }
      if (!Files.isDirectory(path)) {
        return Optional.of("names something that is not a folder: " + name);
      }
      if (!seen.add(path.toAbsolutePath().normalize())) {
        return Optional.of("names a folder twice: " + name);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> cacheDirectory(Values values) {
    Path path = values.get(Settings.CACHE_DIRECTORY);
    return Files.exists(path) && !Files.isDirectory(path)
        ? Optional.of("names something that is not a folder: " + Messages.path(path))
        : Optional.empty();
  }

  private static <T> String shown(Setting<T> setting, Values values) {
    return setting.type().print(values.get(setting));
  }
}
