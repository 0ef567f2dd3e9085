// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.command.Plans;
import dev.sluice.loadtest.ghz.Options;
import java.util.ArrayList;
import java.util.List;

/** Plans as the command line makes them. */
final class PlanSample {
  private PlanSample() {}

  static LoadPlan plan(String... flags) {
    List<String> args = new ArrayList<>(List.of("--call=a.B/C", "host:1"));
    args.addAll(List.of(flags));
    return Plans.of(Options.read(args, 4));
  }
}
