// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The switches that keep the engines offline and quiet; the launcher sets them. */
final class EnvironmentCheck implements Check {
  private static final Map<String, String> WANTED =
      Map.of(
          "ORT_DISABLE_TELEMETRY", "1",
          "TOKENIZERS_PARALLELISM", "false",
          "OPT_OUT_TRACKING", "true",
          "DJL_OFFLINE", "true");

  private final Map<String, String> environment;

  EnvironmentCheck(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    WANTED.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(wanted -> findings.add(one(wanted.getKey(), wanted.getValue())));
    return findings;
  }

  private Finding one(String name, String value) {
    String is = environment.get(name);
    if (value.equals(is)) {
      return Finding.ok("environment", name + "=" + value);
    }
    return Finding.problem(
        "environment",
        name + (is == null ? " is not set" : " is not " + value),
        "start Sluice through its launcher, or export " + name + "=" + value);
  }
}
