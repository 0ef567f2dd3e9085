// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The flags of benches that measure in rounds: how many rounds, how long one measurement takes, and
 * whether it is only to be seen that it works.
 */
public record MeasuringFlags(CommandSpec spec) {
  private static final int MOST_ROUNDS = 1000;
  private static final double LEAST_SECONDS = 0.05;

  /**
   * @param rounds how many it takes usually, in words
   * @param seconds how long one measurement takes usually, in words
   * @param quick what that flag does
   */
  public void add(String rounds, String seconds, String quick) {
    add("--rounds", "N", "How often everything is measured; default: " + rounds, Integer.class);
    add("--seconds", "S", "How long one measurement takes; default: " + seconds, Double.class);
    spec.addOption(OptionSpec.builder("--quick").type(boolean.class).description(quick).build());
  }

  void add(String name, String label, String what, Class<?> type) {
    spec.addOption(OptionSpec.builder(name).paramLabel(label).description(what).type(type).build());
  }

  public boolean quick() {
    return given("--quick", false);
  }

  public int rounds(int usual) {
    int rounds = given("--rounds", usual);
    require("--rounds", rounds, MOST_ROUNDS);
    return rounds;
  }

  public Duration seconds(double usual, double most) {
    double seconds = given("--seconds", usual);
    // Written so that it refuses what is not a number as well.
    if (!(seconds >= LEAST_SECONDS && seconds <= most)) {
      throw wrong("--seconds", LEAST_SECONDS, most, seconds);
    }
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  void require(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong(flag, 1, most, value);
    }
  }

  <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }

  private ParameterException wrong(String flag, Number least, Number most, Number value) {
    return new ParameterException(
        spec.commandLine(), flag + " must be from " + least + " to " + most + ", not " + value);
  }
}
