// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.List;

/** Percentiles as they are asked for. */
public final class Percentiles {
  /** What nobody asked otherwise for. */
  static final String PRESET = "50,95,99,99.9";

  public static final List<Double> USUAL = parse(List.of(PRESET.split(",", -1)));

  private Percentiles() {}

  /** Each once, in the order given. */
  public static List<Double> parse(List<String> texts) {
    return texts.stream().map(Percentiles::parse).distinct().toList();
  }

  private static double parse(String text) {
    boolean number = text.strip().matches("\\d{1,3}(\\.\\d{1,12})?");
    double percentile = number ? Double.parseDouble(text.strip()) : -1;
    if (percentile < 0 || percentile > 100) {
      throw new OptionsException(
          "--percentiles wants numbers from 0 to 100, such as 50,99,99.9, not '" + text + "'");
    }
    return percentile;
  }
}
