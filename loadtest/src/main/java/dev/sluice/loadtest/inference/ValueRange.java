// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.RunException;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The numbers that an input may be made of, both ends included.
 *
 * @param type whose range they are within
 */
record ValueRange(DataType type, double least, double most) {
  private static final double MOST_WHOLE = 100;

  /** Made up where nobody said otherwise: fractions up to 1, and few whole numbers. */
  static ValueRange preset(DataType type) {
    return new ValueRange(type, 0, Math.min(type.most(), type.whole() ? MOST_WHOLE : 1));
  }

  /**
   * What was said for this input, or for all.
   *
   * @param preset where nothing was
   * @throws RunException if the type has no such numbers
   */
  static ValueRange of(String input, ValueRange preset, List<Inference.Values> said) {
    DataType type = preset.type();
    Inference.Values values = null;
    for (Inference.Values each : said) {
      if (each.input().equals(input) || (each.input().isEmpty() && values == null)) {
        values = each;
      }
    }
    if (values == null || type == DataType.BOOL || type == DataType.BYTES) {
      return preset;
    }
    double least = type.whole() ? Math.ceil(values.least()) : values.least();
    double most = type.whole() ? Math.floor(values.most()) : values.most();
    if (least < type.least() || most > type.most() || least > most) {
      throw new RunException(
          String.format(
              Locale.ROOT,
              "values: %s is not within %s, which input %s is: %s to %s",
              values.text(),
              type,
              input,
              type.whole() ? Long.toString((long) type.least()) : Double.toString(type.least()),
              type.whole() ? Long.toString((long) type.most()) : Double.toString(type.most())));
    }
    return new ValueRange(type, least, most);
  }

  /**
   * @throws RunException if something was said of an input that is not there
   */
  static void checkNames(List<Inference.Values> said, List<String> inputs) {
    for (Inference.Values each : said) {
      if (!each.input().isEmpty() && !inputs.contains(each.input())) {
        throw new RunException(
            "values: the model has no input '"
                + each.input()
                + "', only "
                + inputs.stream().limit(20).collect(Collectors.joining(", ")));
      }
    }
  }

  double draw(SplittableRandom random) {
    return type.whole()
        ? (double) random.nextLong((long) least, (long) most + 1)
        : least + (most - least) * random.nextDouble();
  }
}
