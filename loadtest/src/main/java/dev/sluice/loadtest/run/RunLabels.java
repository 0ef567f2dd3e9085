// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.ReportedOptions;
import java.util.Map;

/** What a result says of its run beside what was measured. */
public record RunLabels(ReportedOptions options, Map<String, String> tags) {
  public static final RunLabels NONE = new RunLabels(ReportedOptions.NONE, Map.of());
}
