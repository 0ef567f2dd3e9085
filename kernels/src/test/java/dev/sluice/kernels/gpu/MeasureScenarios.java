// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.measure.CardCheck;
import dev.sluice.kernels.measure.CardResult;
import dev.sluice.kernels.measure.Extent;
import dev.sluice.kernels.measure.Rival;
import dev.sluice.kernels.measure.RivalException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A card is measured: the emulated one does each thing in a microsecond, whatever it is. */
final class MeasureScenarios {
  private static final int ALL_KERNELS = 13;
  private static final int KERNELS_OF_EVERY_CARD = 11;

  private MeasureScenarios() {}

  static void aStopwatchTellsWhatTheCardDid() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("timed");
        GpuStopwatch stopwatch = gpu.stopwatch("test");
        Norms norms = new Norms(gpu, stream)) {
      norms.begin(3);
      double one = stopwatch.millis(stream, () -> stream.launch(norms.launch(3)));
      double three =
          stopwatch.millis(
              stream,
              () -> {
                for (int i = 0; i < 3; i++) {
                  stream.launch(norms.launch(3));
                }
              });
      assertThat(three - one).isCloseTo(0.002, within(1e-6));
    }
  }

  static void copiesInsideOfTheCard() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("copies");
        Transfers transfers = new Transfers(gpu, stream, 100);
        DeviceBuffer from = gpu.memory().take("from", 300);
        DeviceBuffer to = gpu.memory().take("to", 300)) {
      byte[] content = new byte[300];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) i;
      }
      transfers.upload(ByteBuffer.wrap(content), from.address());
      stream.copy(from.address(), to.address(), 300);
      byte[] copied = new byte[300];
      transfers.download(to.address(), 300).get(copied);
      assertThat(copied).isEqualTo(content);
      assertThatThrownBy(() -> stream.copy(from.address(), to.address() + 1, 300))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("are not inside of one buffer");
    }
  }

  static void aCardIsCheckedAndTimed() {
    Checked checked = check(false, 500);
    CardResult result = checked.result;
    assertThat(result.agrees()).as(checked.text()).isTrue();
    assertThat(result.kernelsThatAgree()).isEqualTo(ALL_KERNELS);
    assertThat(result.encoders()).hasSize(2).allMatch(verdict -> verdict.cosine() > 0.99);
    // Two lengths and their mixture, in both precisions.
    assertThat(result.timings()).hasSize(6);
    assertThat(result.timings().getFirst().precision()).isEqualTo(Precision.FP16);
    assertThat(result.timings())
        .allMatch(timing -> timing.tokens() == 64 && timing.timing().millis() > 0);
    assertThat(result.ceilingShare()).as("there is no BERT-base").isEmpty();
    assertThat(checked.lines)
        .contains("Products by wgmma, this card's own instructions", "Search")
        .anyMatch(line -> line.matches("copy inside of the card +\\d+ GB/s, read and written"))
        .anyMatch(line -> line.matches("gemm_f16_bias_wg128 +N 192, K 64 .* % (memory|matrix.*)"))
        .anyMatch(line -> line.matches("topk_s8 +500 rows of 384 .* memory"))
        .anyMatch(line -> line.matches("tiny +INT8 +mixed .*\\d\\.\\d\\d"));
    assertThat(checked.progress).contains("ceilings", "tiny, both precisions");
  }

  static void anOlderCardIsChecked() {
    Checked checked = check(true, 500);
    assertThat(checked.result.agrees()).as(checked.text()).isTrue();
    assertThat(checked.result.kernels()).hasSize(KERNELS_OF_EVERY_CARD);
    assertThat(checked.text()).contains("compute capability 8.0").doesNotContain("warpgroup");
  }

  static void aWrongKernelIsFound() {
    Checked checked = check(false, 500);
    assertThat(checked.result.agrees()).isFalse();
    assertThat(checked.result.kernelsThatAgree()).isEqualTo(ALL_KERNELS - 1);
    assertThat(checked.result.encoders()).isNotEmpty().noneMatch(verdict -> verdict.agrees());
    assertThat(checked.lines)
        .anyMatch(line -> line.matches("norm +1 .*DISAGREES: draw 1: norm, .* NaN at row .*"))
        .anyMatch(line -> line.matches("quantize +1 .* agrees"))
        .anyMatch(line -> line.matches("tiny +FP16 +1 .*DISAGREES: cosine .*, at least .*"));
  }

  static void aFaultEndsTheCheck() {
    Checked checked = check(false, 500);
    assertThat(checked.result.agrees()).isFalse();
    assertThat(checked.result.completed()).isFalse();
    assertThat(checked.result.kernels()).hasSize(ALL_KERNELS);
    assertThat(checked.text())
        .contains("FAILED: the card is out of service", "CUDA_ERROR_LAUNCH_FAILED");
  }

  static void aPartDoesNotFit() {
    Checked checked = check(false, 20_000);
    assertThat(checked.result.agrees()).as(checked.text()).isTrue();
    assertThat(checked.result.timings()).as("what comes behind it").hasSize(6);
    assertThat(checked.lines)
        .anyMatch(
            line ->
                line.matches(
                    "left out: measurements: 23\\.\\d MiB of device memory needed, .* free"));
  }

  private record Checked(CardResult result, List<String> lines, List<String> progress) {
    String text() {
      return String.join("\n", lines);
    }
  }

  private static Checked check(boolean kernelsOnly, int rows) {
    EncoderDims dims = new EncoderDims(1, 64, 2, 128, 40, 80, 2, 1e-12f);
    Extent.Model tiny = new Extent.Model("tiny", dims, List.of(8, 32));
    return check(kernelsOnly, rows, tiny, 64, Optional.empty());
  }

  private static Checked check(
      boolean kernelsOnly, int rows, Extent.Model model, int tokens, Optional<Rival> rival) {
    Extent tiny = new Extent(1, 2, 0, 1 << 12, 64, tokens, rows, List.of(model), 1);
    List<String> lines = new ArrayList<>();
    List<String> progress = new ArrayList<>();
    try (Gpu gpu = Emulated.open()) {
      CardCheck check = new CardCheck(gpu, tiny, 11, rival, lines::add, progress::add);
      return new Checked(check.run("13.0", kernelsOnly), lines, progress);
    }
  }

  /** Takes a minute for everything; gives up when it is told to. */
  private static final class SlowRival implements Rival {
    private final int givesUpAt;
    private final List<String> asked = new ArrayList<>();

    SlowRival(int givesUpAt) {
      this.givesUpAt = givesUpAt;
    }

    @Override
    public String name() {
      return "Slow";
    }

    @Override
    public String open(EncoderDims dims) throws RivalException {
      ask("open " + dims.layers());
      return "slow, version 1";
    }

    @Override
    public void prepare(String batch, int[] lengths) throws RivalException {
      ask("prepare " + batch + " of " + IntStream.of(lengths).sum());
    }

    @Override
    public double millis(String batch, int repeats) throws RivalException {
      ask(batch);
      return 60_000.0 * repeats;
    }

    private void ask(String what) throws RivalException {
      asked.add(what);
      if (asked.size() == givesUpAt) {
        throw new RivalException("it is tired");
      }
    }
  }

  private static Checked checkBeside(Rival rival) {
    EncoderDims dims = new EncoderDims(1, 64, 2, 128, 40, 128, 2, 1e-12f);
    Extent.Model base = new Extent.Model("BERT-base", dims, List.of(8, 128));
    return check(false, 500, base, 128, Optional.of(rival));
  }

  static void anotherIsMeasuredInTheSameTurns() {
    SlowRival rival = new SlowRival(Integer.MAX_VALUE);
    Checked checked = checkBeside(rival);
    assertThat(rival.asked)
        .startsWith("open 1", "prepare 128 of 128", "prepare mixed of 128")
        // Twice before it is measured, then in each round.
        .endsWith("128", "128", "mixed", "mixed", "128", "mixed", "128", "mixed");
    assertThat(checked.result.rivals()).hasSize(2);
    double ours = checked.result.rivals().getFirst().ours().millis();
    assertThat(checked.result.speedup()).hasValue(60_000 / ours);
    assertThat(checked.lines)
        .contains("Slow: slow, version 1")
        .anyMatch(line -> line.matches("BERT-base, FP16, beside Slow on padded batches, .*"))
        .anyMatch(line -> line.matches(" +mixed +\\d\\.\\d{3} .* 60000\\.000 .*"));
  }

  /** At any time: what else is measured does not suffer. */
  static void anotherMayGiveUp() {
    for (int at : List.of(1, 3, 9)) {
      Checked checked = checkBeside(new SlowRival(at));
      assertThat(checked.result.agrees()).isTrue();
      assertThat(checked.result.timings()).hasSize(6);
      assertThat(checked.result.rivals()).isEmpty();
      assertThat(checked.result.speedup()).isEmpty();
      assertThat(checked.result.ceilingShare()).isPresent();
      assertThat(checked.lines).containsOnlyOnce("Slow is not compared with: it is tired");
    }
  }
}
