// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.Writer;

/** Verdicts as JUnit's XML: what could not be told is skipped, as it neither passed nor failed. */
public final class JUnitFormat {
  private JUnitFormat() {}

  public static void write(RunResult run, Writer out) throws IOException {
    String name = run.options().name().isEmpty() ? "loadtest" : run.options().name();
    out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.write("<testsuite name=\"" + Markup.escaped(name) + "\"");
    out.write(" tests=\"" + run.verdicts().size() + "\"");
    out.write(" failures=\"" + count(run, Verdict.State.FAIL) + "\" errors=\"0\"");
    out.write(" skipped=\"" + count(run, Verdict.State.INCONCLUSIVE) + "\"");
    out.write(" time=\"" + GoNumbers.fixed(run.totalNanos() / 1e9, 3) + "\">\n");
    out.write("  <properties>\n");
    property("wrongAnswers", run.own().wrongAnswers(), out);
    property("cutOff", run.own().cutOff(), out);
    property("resent", run.own().resent(), out);
    out.write("  </properties>\n");
    for (Verdict verdict : run.verdicts()) {
      out.write("  <testcase classname=\"slo\" name=\"" + Markup.escaped(verdict.demand()) + "\"");
      String message = Markup.escaped(message(verdict));
      switch (verdict.state()) {
        case PASS -> out.write("/>\n");
        case FAIL -> out.write(">\n    <failure message=\"" + message + "\"/>\n  </testcase>\n");
        case INCONCLUSIVE ->
            out.write(">\n    <skipped message=\"" + message + "\"/>\n  </testcase>\n");
      }
    }
    out.write("</testsuite>\n");
    out.flush();
  }

  private static void property(String name, long value, Writer out) throws IOException {
    out.write("    <property name=\"" + name + "\" value=\"" + value + "\"/>\n");
  }

  private static String message(Verdict verdict) {
    return verdict.reason().isEmpty()
        ? verdict.observed()
        : verdict.observed() + ": " + verdict.reason();
  }

  private static long count(RunResult run, Verdict.State state) {
    return run.verdicts().stream().filter(verdict -> verdict.state() == state).count();
  }
}
