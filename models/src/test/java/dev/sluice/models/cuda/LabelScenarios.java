// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.rewrite.TestEncoder.Style;
import dev.sluice.models.rewrite.TestTail;
import dev.sluice.models.serving.LoadedTensorModel;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.Specs;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelWarmup;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** What labels texts is served over its tensors, by this engine where there is a card. */
final class LabelScenarios {
  private static final DjlEngines ENGINES = new DjlEngines();

  private LabelScenarios() {}

  static void aCrossEncoderIsServed() throws Exception {
    for (Style style : List.of(Style.BERT, Style.XLM_ROBERTA)) {
      Path file = EndingScenarios.file(style, EndingScenarios.RANKING);
      try (TensorModel onCard = load(file, DeviceChoice.AUTO);
          TensorModel onCpu = load(file, DeviceChoice.CPU);
          GraphLane lane = onCard.newLane()) {
        assertThat(onCard.device()).isEqualTo("gpu:0");
        assertThat(onCard.variant()).isEqualTo("fp16");
        assertThat(onCard.lanes()).isEqualTo(2);
        assertThat(onCard.inputs()).containsExactlyInAnyOrderElementsOf(onCpu.inputs());
        assertThat(onCard.outputs()).isEqualTo(onCpu.outputs());
        assertThat(onCard.spec().config().getMaxBatchSize())
            .isEqualTo(onCpu.spec().config().getMaxBatchSize());
        float[] got = scores(onCard);
        float[] expected = scores(onCpu);
        EndingScenarios.nearLabels(got, expected, 0.01);
        assertThat(EndingScenarios.ranks(got)).isEqualTo(EndingScenarios.ranks(expected));
        moreThanOneRunHasRoomFor(lane, onCard.inputs());
        holesAreRefused(lane, onCard.inputs());
        assertThat(scores(onCard)).containsExactly(got);
      }
    }
    assertThat(ENGINES.runsOnCpu(spec(EndingScenarios.file(Style.BERT, EndingScenarios.RANKING))))
        .isFalse();
  }

  private static float[] scores(TensorModel model) throws Exception {
    try (GraphLane lane = model.newLane()) {
      List<Tensor> inputs =
          model.inputs().stream().map(input -> EndingScenarios.TEXTS.input(input.name())).toList();
      return TensorValues.floats(lane.run(inputs).getFirst());
    }
  }

  /** Of 1024 rows: the last ones go with a run of their own. */
  private static void moreThanOneRunHasRoomFor(GraphLane lane, List<TensorSpec> inputs)
      throws Exception {
    int rows = 1026;
    float[] scores =
        TensorValues.floats(
            lane.run(inputs.stream().map(input -> words(input.name(), rows)).toList()).getFirst());
    assertThat(scores).hasSize(rows);
    for (int row = 20; row < rows; row++) {
      assertThat(scores[row]).isEqualTo(scores[row % 20]);
    }
    assertThat(scores[1]).isNotEqualTo(scores[2]);
  }

  /** One word in each row; every twentieth the same. */
  private static Tensor words(String input, int rows) {
    long[] values = new long[rows];
    Arrays.setAll(
        values,
        row ->
            switch (input) {
              case "input_ids" -> 10 + row % 20;
              case "attention_mask" -> 1;
              default -> 0;
            });
    return TensorValues.ofLongs(new long[] {rows, 1}, values);
  }

  private static void holesAreRefused(GraphLane lane, List<TensorSpec> inputs) {
    List<Tensor> tensors =
        inputs.stream()
            .map(
                input ->
                    TensorValues.ofLongs(
                        new long[] {1, 3},
                        input.name().equals("attention_mask") ? new long[] {0, 1, 1} : new long[3]))
            .toList();
    assertThatThrownBy(() -> lane.run(tensors))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("row 0: the attention_mask leaves no token of it");
  }

  /** Vectors of tokens have zeros at padding here: who serves tensors gets the file's own. */
  static void tensorsAreWhatTheFileSays() throws Exception {
    for (TestTail tail : List.of(TestTail.TOKENS, TestTail.mean(true, false))) {
      ModelSpec spec = spec(EndingScenarios.file(Style.BERT, tail));
      assertThat(ENGINES.runsOnCpu(spec)).isTrue();
      try (Graph graph = ENGINES.load(spec)) {
        assertThat(graph.device()).isEqualTo("cpu");
      }
    }
    ModelSpec unknown = spec(EndingScenarios.file(Style.BERT, TestTail.labels("Sigmoid", 1, true)));
    try (Graph graph = ENGINES.load(unknown)) {
      assertThat(graph.device()).as("the next engine").isEqualTo("cpu");
    }
  }

  /** Of the widths that a configuration fixes, and of one that it asks for. */
  static void aWarmUpHasAMask() throws Exception {
    Path file = EndingScenarios.file(Style.ROBERTA, EndingScenarios.RANKING);
    ModelConfig.Builder fixed = ModelConfig.newBuilder().setMaxBatchSize(3);
    ModelConfig.Builder asked = ModelConfig.newBuilder().setMaxBatchSize(3);
    ModelWarmup.Builder random = ModelWarmup.newBuilder().setName("random").setBatchSize(2);
    for (String input : List.of("input_ids", "attention_mask")) {
      fixed.addInput(ModelInput.newBuilder().setName(input).addDims(5));
      random.putInputs(
          input,
          ModelWarmup.Input.newBuilder()
              .setDataType(DataType.TYPE_INT64)
              .addDims(9)
              .setRandomData(true)
              .build());
    }
    asked.addModelWarmup(random);
    for (ModelConfig config : List.of(fixed.build(), asked.build())) {
      ModelSpec spec = Specs.of(file, config, settings(DeviceChoice.AUTO));
      try (TensorModel model = LoadedTensorModel.load(spec, ENGINES, 1)) {
        assertThat(model.device()).isEqualTo("gpu:0");
      }
    }
  }

  private static TensorModel load(Path file, DeviceChoice device) throws Exception {
    return LoadedTensorModel.load(
        Specs.of(file, ModelConfig.getDefaultInstance(), settings(device)), ENGINES, 1);
  }

  private static ModelSpec spec(Path file) {
    return Specs.of(file, ModelConfig.getDefaultInstance(), settings(DeviceChoice.AUTO));
  }

  private static ModelSettings settings(DeviceChoice device) {
    return ModelSettings.DEFAULT.on(device, OptionalInt.empty());
  }
}
