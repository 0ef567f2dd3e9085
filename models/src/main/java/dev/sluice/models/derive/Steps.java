// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Carries progress from a child process as lines among what else it prints. */
record Steps(VariantMaker.Progress to) implements Consumer<String> {
  private static final Pattern LINE = Pattern.compile("SLUICE-AT ([01]\\.[0-9]{3}) (.{1,100})");

  static String line(String step, double share) {
    return String.format(Locale.ROOT, "SLUICE-AT %.3f %s", Math.max(0, Math.min(1, share)), step);
  }

  @Override
  public void accept(String line) {
    Matcher step = LINE.matcher(line);
    if (step.matches()) {
      to.at(step.group(2), Double.parseDouble(step.group(1)));
    }
  }
}
