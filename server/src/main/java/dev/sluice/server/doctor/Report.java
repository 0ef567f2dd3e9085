// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import dev.sluice.server.logging.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Findings as text for people or as one line of JSON. */
public final class Report {
  private final List<Finding> findings;

  public Report(List<Finding> findings) {
    this.findings = List.copyOf(findings);
  }

  /** How many of the findings are problems. */
  public long problems() {
    return findings.stream().filter(f -> f.level() == Finding.Level.PROBLEM).count();
  }

  public String text() {
    StringBuilder out = new StringBuilder();
    for (Finding finding : findings) {
      out.append(String.format("%-8s %-13s %s%n", level(finding), finding.topic(), finding.text()));
      finding.remedy().ifPresent(remedy -> out.append(String.format("%-22s -> %s%n", "", remedy)));
    }
    long problems = problems();
    out.append(
        problems == 0
            ? "No problem found."
            : problems + " problem" + (problems == 1 ? "" : "s") + " found.");
    return out.append(System.lineSeparator()).toString();
  }

  public String json() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("level", level(finding));
      line.put("topic", finding.topic());
      line.put("text", finding.text());
      finding.remedy().ifPresent(remedy -> line.put("remedy", remedy));
      lines.add(line);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("problems", problems());
    report.put("findings", lines);
    return Json.line(report);
  }

  private static String level(Finding finding) {
    return finding.level().name().toLowerCase(Locale.ROOT);
  }
}
