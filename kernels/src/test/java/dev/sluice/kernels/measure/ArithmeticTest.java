// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
  private static final Ceilings CEILINGS =
      new Ceilings(4e12, Optional.of(new Ceilings.Peak(1e15, 2e15)), 6e14, 1e15);
  private static final Timing MILLISECOND = new Timing(1, 0.9, 1.1);

  @Test
  void aMedianIsTheMiddleOfTheRounds() {
    assertThat(Timing.of(new double[] {3, 1, 9})).isEqualTo(new Timing(3, 1, 9));
    assertThat(Timing.of(new double[] {2})).isEqualTo(new Timing(2, 2, 2));
  }

  @Test
  void workIsMeasuredInTurnsAndShortWorkIsRepeated() {
    List<String> order = new ArrayList<>();
    Turns.Work slow = work("slow", 4, order);
    Turns.Work fast = work("fast", 0.5, order);

    List<Timing> timings = new Turns(2, 2).measure(List.of(slow, fast));

    assertThat(timings).containsExactly(new Timing(4, 4, 4), new Timing(0.5, 0.5, 0.5));
    // Each once to warm up and once to see how long it takes, before the rounds.
    assertThat(order.subList(4, 8)).containsExactly("slow 1", "fast 4", "slow 1", "fast 4");
  }

  private static Turns.Work work(String name, double millis, List<String> order) {
    return new Turns.Work(
        repeats -> {
          order.add(name + " " + repeats);
          return repeats * millis;
        });
  }

  @Test
  void aKernelIsBoundByMemoryOrByMatrixUnits() {
    KernelWork moves = new KernelWork("norm", "", List.of(), 2e9, 0, false);
    KernelWork multiplies = new KernelWork("gemm_f16", "", List.of(), 2e8, 5e11, false);
    KernelWork bytes = new KernelWork("gemm_s8", "", List.of(), 2e8, 5e11, true);

    assertThat(KernelTiming.of(moves, MILLISECOND, CEILINGS))
        .isEqualTo(new KernelTiming(moves, MILLISECOND, 0.5, true));
    assertThat(KernelTiming.of(multiplies, MILLISECOND, CEILINGS))
        .isEqualTo(new KernelTiming(multiplies, MILLISECOND, 0.5, false));
    assertThat(KernelTiming.of(bytes, MILLISECOND, CEILINGS).share()).isEqualTo(0.25);
  }

  @Test
  void aCardOfAnUnknownKindIsMeasuredByItsBestProduct() {
    Ceilings unknown = new Ceilings(4e12, Optional.empty(), 6e14, 1e15);
    assertThat(unknown.halves()).isEqualTo(6e14);
    assertThat(unknown.bytes()).isEqualTo(1e15);
    assertThat(CEILINGS.halves()).isEqualTo(1e15);
  }

  /** docs/kernels.md: 14.5 million operations per token and layer of BERT-base at 128 tokens. */
  @Test
  void anEncodersIdealIsItsProductsAtTheCeiling() {
    EncoderDims layer = new EncoderDims(1, 768, 12, 3072, 100, 512, 2, 1e-12f);
    double halves = EncoderTiming.idealSeconds(layer, Precision.FP16, new int[] {128}, CEILINGS);
    assertThat(halves / 128).isCloseTo(14.5e6 / 1e15, within(0.1e-9));
    double bytes = EncoderTiming.idealSeconds(layer, Precision.INT8, new int[] {128}, CEILINGS);
    // Attention stays in halves.
    double stays = 4 * 768 * 128.0 / 1e15;
    assertThat(bytes / 128).isCloseTo((halves / 128 - stays) / 2 + stays, within(1e-15));
  }

  @Test
  void theUnpaddedIdealLiesBetweenTheLengthsThatWereMeasured() {
    UnpaddedIdeal ideal = new UnpaddedIdeal();
    ideal.add(10, 1);
    ideal.add(20, 2);
    assertThat(ideal.millis(new int[] {10, 20})).isEqualTo(10 + 40);
    assertThat(ideal.millis(new int[] {15})).isEqualTo(15 * 1.5);
    assertThat(ideal.millis(new int[] {5, 30})).isEqualTo(5 + 60);
  }

  @Test
  void theLastLineIsOfBertBaseAt128Tokens() {
    CardResult result =
        new CardResult(
            List.of(),
            List.of(),
            List.of(
                timing("MiniLM-L6", Precision.FP16, "128", 1, 0.9),
                timing("BERT-base", Precision.FP16, "32", 1, 0.8),
                timing("BERT-base", Precision.FP16, "128", 3, 0.4),
                timing("BERT-base", Precision.INT8, "128", 2, 0.3)),
            List.of(
                rival("BERT-large", "128", 1, 9),
                rival("BERT-base", "mixed", 1, 8),
                rival("BERT-base", "128", 4, 5)),
            true);
    assertThat(result.speedup()).hasValue(1.25);
    assertThat(result.ceilingShare()).hasValue(0.4);
    assertThat(result.bytesToHalves().orElseThrow()).isCloseTo(1.5, within(1e-12));
    assertThat(result.agrees()).isTrue();
  }

  private static RivalTiming rival(String model, String lengths, double ours, double theirs) {
    return new RivalTiming(
        "Slow", model, lengths, new Timing(ours, ours, ours), new Timing(theirs, theirs, theirs));
  }

  private static EncoderTiming timing(
      String model, Precision precision, String lengths, double millis, double share) {
    Timing timing = new Timing(millis, millis, millis);
    return new EncoderTiming(model, precision, lengths, 1000, 10, timing, share, Double.NaN);
  }

  @Test
  void whatDisagreesOrWasNotRunIsNotGood() {
    KernelVerdict good = new KernelVerdict("norm", 1, 0.1, Optional.empty());
    KernelVerdict bad = new KernelVerdict("norm", 1, 0.1, Optional.of("draw 1: NaN"));
    EncoderVerdict wrong =
        new EncoderVerdict("x", Precision.INT8, 1, 0.9, 0.4, Optional.of("cosine 0.9"));
    assertThat(result(true, List.of(good), List.of()).agrees()).isTrue();
    assertThat(result(false, List.of(good), List.of()).agrees()).isFalse();
    assertThat(result(true, List.of(good, bad), List.of()).agrees()).isFalse();
    assertThat(result(true, List.of(good, bad), List.of()).kernelsThatAgree()).isEqualTo(1);
    assertThat(result(true, List.of(good), List.of(wrong)).agrees()).isFalse();
  }

  private static CardResult result(
      boolean completed, List<KernelVerdict> kernels, List<EncoderVerdict> encoders) {
    return new CardResult(kernels, encoders, List.of(), List.of(), completed);
  }
}
