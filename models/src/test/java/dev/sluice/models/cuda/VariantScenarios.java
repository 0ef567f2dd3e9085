// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.derive.CardVariants;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.FidelityMeter;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.CardPrecision;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.text.Vectors;
import java.util.ArrayList;
import java.util.List;

/** INT8 beside FP16, on a machine with a card. */
final class VariantScenarios {
  private static final List<String> TEXTS = List.of("a", "A b a", "b b A a b A a");

  private static final VariantMaker OTHERS =
      new VariantMaker() {
        @Override
        public List<String> offered(ModelSpec model) {
          return List.of("of others");
        }

        @Override
        public DerivedVariant make(ModelSpec model, String variant, Progress progress)
            throws EngineException {
          throw new EngineException("made by others");
        }
      };

  private static final CardVariants MAKER =
      new CardVariants(OTHERS, new FidelityMeter(() -> 0), TEXTS);

  private VariantScenarios() {}

  static void int8IsMeasuredAndServed() throws Exception {
    ModelSpec spec = SelectionScenarios.spec(Style.BERT, DeviceChoice.AUTO);
    assertThat(MAKER.offered(spec)).containsExactly("int8");
    List<Double> told = new ArrayList<>();
    DerivedVariant made = MAKER.make(spec, "int8", (step, share) -> told.add(share));
    assertThat(told).isSorted().startsWith(0.0).endsWith(1.0);
    assertThat(made.name()).isEqualTo("int8");
    assertThat(made.fidelity().missed(FidelityBudget.DEFAULT)).isEmpty();
    assertThat(made.fidelity().cosineMean()).as("of bytes").isLessThan(0.999_999);
    assertThat(made.fidelity().batchCosineMin()).isEqualTo(1);
    int[][] batch = {{1, 2, 3, 2, 1, 3, 3}, {2}};
    DjlModelLoader loader = new DjlModelLoader();
    try (TextEmbedder halves = (TextEmbedder) loader.load(spec);
        TextEmbedder bytes = (TextEmbedder) loader.load(made.spec());
        TextEmbedder.EmbedLane ofHalves = halves.newLane();
        TextEmbedder.EmbedLane ofBytes = bytes.newLane()) {
      assertThat(List.of(halves.variant(), bytes.variant())).containsExactly("fp16", "int8");
      assertThat(bytes.device()).isEqualTo("gpu:0");
      float[][] expected = ofHalves.run(batch);
      float[][] got = ofBytes.run(batch);
      for (int row = 0; row < batch.length; row++) {
        assertThat(Vectors.cosine(got[row], expected[row])).isBetween(0.995, 0.999_999);
      }
    }
  }

  /** As an unload and a stop do. What was loaded is given back: the driver would complain. */
  static void measuringIsBrokenOff() throws Exception {
    ModelSpec spec = SelectionScenarios.spec(Style.BERT, DeviceChoice.AUTO);
    List<String> steps = new ArrayList<>();
    assertThatThrownBy(
            () ->
                MAKER.make(
                    spec,
                    "int8",
                    (step, share) -> {
                      steps.add(step);
                      if (step.equals("measuring")) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(steps).containsExactly("loading", "measuring");
    assertThat(Thread.interrupted()).isFalse();
  }

  /** Two lanes of the model take most of the card. */
  static void int8WithoutRoomIsRefused() throws Exception {
    ModelSpec spec = SelectionScenarios.spec(Style.BERT, DeviceChoice.AUTO);
    try (TextEmbedder halves = (TextEmbedder) new DjlModelLoader().load(spec);
        TextEmbedder.EmbedLane lane = halves.newLane()) {
      assertThat(halves.variant()).isEqualTo("fp16");
      assertThatThrownBy(() -> MAKER.make(spec, "int8", VariantMaker.Progress.NONE))
          .isInstanceOf(EngineException.class)
          .hasMessageMatching(
              "int8 runs on SluiceCuda alone: .* MiB of device memory needed, .* free");
      assertThat(lane.run(new int[][] {{1, 2}})).hasDimensions(1, 64);
    }
  }

  static void whatDoesNotRunOnCardsIsLeftToOthers() throws Exception {
    ModelSpec onCpu = SelectionScenarios.spec(Style.BERT, DeviceChoice.CPU);
    assertThat(MAKER.offered(onCpu)).containsExactly("of others");
    assertThatThrownBy(() -> MAKER.make(onCpu, "int8", VariantMaker.Progress.NONE))
        .hasMessage("made by others");
  }

  /** Nothing else would be INT8. */
  static void int8GoesToNoOtherEngine() throws Exception {
    ModelSpec spec = SelectionScenarios.spec(Style.MPNET, DeviceChoice.AUTO);
    String why = "int8 runs on SluiceCuda alone: ";
    assertThatThrownBy(() -> MAKER.make(spec, "int8", VariantMaker.Progress.NONE))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(why + "the node '/Reshape_");
    ModelSpec onCpu =
        SelectionScenarios.spec(Style.BERT, DeviceChoice.CPU).withCardPrecision(CardPrecision.INT8);
    assertThatThrownBy(() -> new DjlEngines().load(onCpu))
        .isInstanceOf(EngineException.class)
        .hasMessage(why + "it is to run on the CPU");
  }
}
