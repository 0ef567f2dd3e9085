// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** The lines and tables for people. */
final class CardReport {
  private static final TextColumns KERNEL = TextColumns.of(-20, 5, 7, -1);
  private static final TextColumns TIMING = TextColumns.of(-26, -18, 10, -19, 9, 9, 6, -1);
  private static final TextColumns COMPARED = TextColumns.of(-12, -5, 6, 10, 10, -1);
  private static final TextColumns ENCODER = TextColumns.of(-12, -5, 7, 10, -19, 11, 11, 6, 6);

  private static final TextColumns RIVAL = TextColumns.of(7, 10, -19, 10, -19, 7);

  private final Consumer<String> out;

  CardReport(Consumer<String> out) {
    this.out = out;
  }

  void line(String text) {
    out.accept(text);
  }

  private void row(TextColumns columns, Object... cells) {
    line(columns.row(cells));
  }

  void kernelHead(long seed) {
    line("");
    line("Kernels beside their references, on data drawn from seed %d".formatted(seed));
    row(KERNEL, "kernel", "draws", "worst", "");
  }

  /** The largest error comes as a share of what is tolerated. */
  void kernel(KernelVerdict verdict) {
    row(
        KERNEL,
        verdict.kernel(),
        verdict.draws(),
        percent(verdict.worst()),
        verdict.problem().map(problem -> "DISAGREES: " + problem).orElse("agrees"));
  }

  void ceilings(Ceilings ceilings) {
    line("");
    line("Ceilings of this card");
    line(
        String.format(
            Locale.ROOT,
            "copy inside of the card  %8.0f GB/s, read and written",
            ceilings.copyBytes() / 1e9));
    line(
        "products of halves       %8s TFLOP/s by the best large product, %s by arithmetic"
            .formatted(tera(ceilings.halfProduct()), peak(ceilings, Ceilings.Peak::halves)));
    line(
        "products of bytes        %8s TOP/s by the best large product, %s by arithmetic"
            .formatted(tera(ceilings.byteProduct()), peak(ceilings, Ceilings.Peak::bytes)));
  }

  private static String peak(Ceilings ceilings, Function<Ceilings.Peak, Double> figure) {
    return ceilings.peak().map(figure).map(CardReport::tera).orElse("unknown");
  }

  void timingHead(String title) {
    line("");
    line(title);
    row(TIMING, "kernel", "size", "us", "(least..most)", "GB/s", "Top/s", "share", "bound by");
  }

  void timings(List<KernelTiming> timings) {
    for (KernelTiming timing : timings) {
      KernelWork work = timing.work();
      double seconds = timing.timing().millis() / 1e3;
      row(
          TIMING,
          work.kernel(),
          work.size(),
          number(1e3 * timing.timing().millis()),
          range(1e3, timing.timing()),
          number(work.bytes() / seconds / 1e9),
          work.operations() > 0 ? tera(work.operations() / seconds) : "",
          percent(timing.share()),
          timing.boundByMemory() ? "memory" : "matrix units");
    }
  }

  void comparedHead() {
    line("");
    line("Encoders with drawn weights beside a reference in double precision");
    row(COMPARED, "model", "", "layers", "cosine", "error", "");
  }

  void compared(EncoderVerdict verdict) {
    row(
        COMPARED,
        verdict.model(),
        verdict.precision(),
        verdict.layers(),
        String.format(Locale.ROOT, "%.6f", verdict.cosine()),
        String.format(Locale.ROOT, "%.1e", verdict.error()),
        verdict.problem().map(problem -> "DISAGREES: " + problem).orElse("agrees"));
  }

  void encoderHead() {
    line("");
    line("Encoders with drawn weights: what the card computes, in turns");
    row(
        ENCODER,
        "model",
        "",
        "tokens",
        "ms",
        "(least..most)",
        "tokens/s",
        "sequences/s",
        "share",
        "ideal");
  }

  void encoders(List<EncoderTiming> timings) {
    for (EncoderTiming timing : timings) {
      row(
          ENCODER,
          timing.model(),
          timing.precision(),
          timing.lengths(),
          String.format(Locale.ROOT, "%.3f", timing.timing().millis()),
          range(1, timing.timing()),
          number(timing.tokensPerSecond()),
          number(timing.sequencesPerSecond()),
          percent(timing.share()),
          Double.isNaN(timing.ofIdeal())
              ? ""
              : String.format(Locale.ROOT, "%.2f", timing.ofIdeal()));
    }
  }

  void rivals(List<RivalTiming> timings) {
    if (timings.isEmpty()) {
      return;
    }
    RivalTiming first = timings.getFirst();
    line("");
    line(
        "%s, FP16, beside %s on padded batches, in turns with the times above"
            .formatted(first.model(), first.rival()));
    row(RIVAL, "tokens", "ms", "(least..most)", "theirs", "(least..most)", "faster");
    for (RivalTiming timing : timings) {
      row(
          RIVAL,
          timing.lengths(),
          String.format(Locale.ROOT, "%.3f", timing.ours().millis()),
          range(1, timing.ours()),
          String.format(Locale.ROOT, "%.3f", timing.theirs().millis()),
          range(1, timing.theirs()),
          String.format(Locale.ROOT, "%.2f", timing.speedup()));
    }
  }

  private static String range(double unit, Timing timing) {
    return "(%s..%s)".formatted(number(unit * timing.least()), number(unit * timing.most()));
  }

  /** Three digits at least. */
  private static String number(double value) {
    int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String tera(double value) {
    return String.format(Locale.ROOT, "%.1f", value / 1e12);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
