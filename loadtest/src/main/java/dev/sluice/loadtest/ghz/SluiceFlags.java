// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import static dev.sluice.loadtest.ghz.Flag.NO_LETTER;
import static dev.sluice.loadtest.ghz.Flag.choice;
import static dev.sluice.loadtest.ghz.Flag.flag;
import static dev.sluice.loadtest.ghz.Kind.BOOL;
import static dev.sluice.loadtest.ghz.Kind.DURATION;
import static dev.sluice.loadtest.ghz.Kind.REPEATED;
import static dev.sluice.loadtest.ghz.Kind.TEXT;
import static dev.sluice.loadtest.ghz.Kind.TEXTS;
import static dev.sluice.loadtest.ghz.Kind.UINT;

import java.util.List;

/** The flags that ghz does not have; none of them changes what one of ghz's means. */
final class SluiceFlags {
  static final List<Flag> ALL =
      List.of(
          flag("arrival", TEXT, "const", "When calls are due: const, poisson or file:PATH"),
          flag("seed", UINT, "0", "Seed of arrivals and of template functions"),
          flag(
              "max-inflight", UINT, "0", "Calls beyond this many are dropped and counted; 0: none"),
          choice(
              "latency-from",
              NO_LETTER,
              List.of("auto", "intended", "send"),
              "Where latency starts; auto: intended if there is a rate, otherwise send"),
          flag("ghz-strict", BOOL, "false", "Reports have ghz's fields alone, with ghz's meaning"),
          flag("percentiles", TEXTS, Percentiles.PRESET, "Percentiles to report, by comma"),
          flag("hgrm", TEXT, "", "File of the percentile distribution"),
          flag("hlog", TEXT, "", "File of the interval log"),
          flag("slo", REPEATED, "", "A threshold such as p(99)<50; may be given several times"),
          flag("abort-on-fail", DURATION, "", "End the run when a threshold fails after this time"),
          flag("warmup", DURATION, "0", "Time before results count"),
          flag("stability", TEXT, "", "Run until stable, such as 10%/3x5s"),
          flag(
              "find-max-rps",
              TEXT,
              "",
              "Search the highest rate that meets the thresholds: LO:HI:STEP"),
          choice(
              "scenario",
              NO_LETTER,
              List.of("none", "single", "multi", "server", "offline"),
              "One of MLPerf's scenarios, with its arrivals, length, metric and rule"),
          flag("baseline", TEXT, "", "A report to compare with"),
          flag("max-regress", REPEATED, "", "How much worse than the baseline, such as p99=10%"),
          flag("junit", TEXT, "", "File of the verdicts as JUnit's XML"),
          choice(
              "progress",
              NO_LETTER,
              List.of("auto", "live", "lines", "none"),
              "How the run goes, on stderr; auto: live on a terminal, lines elsewhere"),
          choice(
              "target",
              NO_LETTER,
              InferenceReader.targets(),
              "Send inference requests of this protocol, without a --call"),
          flag("model", TEXT, "", "Name of the model"),
          flag("corpus", TEXT, "", "File of texts, one in each line, or of JSON lines"),
          flag(
              "lengths",
              TEXT,
              "lognormal:12:0.6:256",
              "Without a corpus, words of a text: const:N, uniform:A:B, lognormal:MEDIAN:SIGMA:MOST"
                  + " or file:PATH"),
          flag(
              "values",
              REPEATED,
              "",
              "Numbers of made-up tensors and token ids: LEAST:MOST, or INPUT=LEAST:MOST for one"
                  + " input; may be given several times"),
          flag("inputs", UINT, "1", "Texts or rows of one call"),
          flag(
              "mix",
              REPEATED,
              "",
              "Metadata by weight, such as tenant=gold:3,free:1; may be given several times"),
          flag("golden", TEXT, "", "File of right answers: others are errors"),
          flag("golden-record", TEXT, "", "Write the answers as right ones into this file"),
          flag("golden-cosine", TEXT, "0.999", "Least cosine of an answer and the right one"),
          flag("server-stats", BOOL, "false", "Ask the server for its ModelStatistics too"),
          flag(
              "server-admin",
              TEXT,
              "",
              "Admin port of a Sluice server, http://HOST:PORT: its own percentiles beside these"));

  private SluiceFlags() {}
}
