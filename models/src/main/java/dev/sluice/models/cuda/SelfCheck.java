// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.Pooler;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * A few rows of token ids through the card, and through ONNX Runtime in FP32 on the CPU: an encoder
 * that disagrees is not served. What a kernel or a card does wrong, and what was misread in the
 * file, shows here.
 */
final class SelfCheck {
  /**
   * Of a vector of halves, behind so many layers: the length of its error, as a share of its own.
   * Errors of layers are independent of each other, so what they add up to grows by the root.
   */
  private static final double MOST_ERROR = 2e-3;

  private static final int LAYERS_OF_MOST_ERROR = 6;

  /** Of a vector out of products of bytes, to the right one. */
  private static final double LEAST_COSINE = 0.995;

  private static final int[] LENGTHS = {9, 1, 40};

  /** Labels are few: more rows tell how far they are apart. */
  private static final int[] LENGTHS_FOR_LABELS = {9, 1, 40, 24, 5, 33, 17, 12};

  /** Below it lie padding and other marks, which are no words. */
  private static final int FIRST_WORD = 1000;

  private final CardEncoder encoder;
  private final List<PackedBatch> rows;

  private SelfCheck(CardEncoder encoder) {
    this.encoder = encoder;
    SplittableRandom random = new SplittableRandom(1);
    this.rows =
        Arrays.stream(labels() ? LENGTHS_FOR_LABELS : LENGTHS)
            .map(length -> Math.min(length, encoder.longest()))
            .mapToObj(length -> row(length, random))
            .toList();
  }

  /** A pair, where the encoder is told of pairs: its second half is of another type. */
  private PackedBatch row(int length, SplittableRandom random) {
    int from = Math.min(FIRST_WORD, encoder.words() / 4);
    int[] ids = random.ints(length, from, encoder.words()).toArray();
    int[] types = new int[length];
    if (encoder.typed() && encoder.types() > 1) {
      Arrays.fill(types, Math.ceilDiv(length, 2), length, 1);
    }
    return new PackedBatch(ids, types, new int[] {0, length});
  }

  private boolean labels() {
    return encoder.given() instanceof EncoderOutput.Labels;
  }

  /**
   * @throws EngineException saying how far the card is from the file
   */
  static void require(CardEncoder encoder, Path directory, Path file) throws EngineException {
    SelfCheck check = new SelfCheck(encoder);
    float[][] expected = check.onCpu(directory, file);
    float[][] got = new float[expected.length][];
    for (int row = 0; row < expected.length; row++) {
      got[row] = check.onCard(check.rows.get(row));
    }
    if (check.labels()) {
      LabelsCheck.require(got, expected, encoder.options().precision(), check.growth());
      return;
    }
    for (int row = 0; row < expected.length; row++) {
      check.compare(check.rows.get(row).tokens(), got[row], expected[row]);
    }
  }

  private void compare(int tokens, float[] got, float[] expected) throws EngineException {
    double dot = 0;
    double error = 0;
    double gotSquares = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      dot += (double) got[i] * expected[i];
      error += Math.pow((double) got[i] - expected[i], 2);
      gotSquares += (double) got[i] * got[i];
      squares += (double) expected[i] * expected[i];
    }
    double cosine = dot / Math.sqrt(gotSquares * squares);
    double relative = Math.sqrt(error / squares);
    // NaN is no agreement.
    boolean agrees =
        encoder.options().precision() == Precision.INT8
            ? cosine >= LEAST_COSINE
            : relative <= MOST_ERROR * growth();
    if (!agrees) {
      throw new EngineException(
          "the card disagrees with the CPU on %d token ids: cosine %.5f, relative error %.2g"
              .formatted(tokens, cosine, relative));
    }
  }

  /** Of errors, with the layers. */
  private double growth() {
    return Math.sqrt(Math.max(1, encoder.layers() / (double) LAYERS_OF_MOST_ERROR));
  }

  private float[] onCard(PackedBatch row) throws EngineException {
    try {
      float[] made = encoder.run(row);
      if (!encoder.perToken()) {
        return made;
      }
      int width = encoder.width();
      float[] mean = new float[width];
      for (int i = 0; i < made.length; i++) {
        mean[i % width] += made[i] / row.tokens();
      }
      return mean;
    } catch (GpuException e) {
      throw new EngineException("the first run failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted during the first run", e);
    }
  }

  /** One row after the other: nothing of padding is in what the card is compared with. */
  private float[][] onCpu(Path directory, Path file) throws EngineException {
    float[][] vectors = new float[rows.size()][];
    try (Graph graph = new DjlEngines().load(spec(directory, file));
        GraphLane lane = graph.newLane()) {
      int output =
          graph.outputs().stream().map(TensorSpec::name).toList().indexOf(encoder.fileOutput());
      for (int i = 0; i < vectors.length; i++) {
        PackedBatch row = rows.get(i);
        List<Tensor> inputs =
            graph.inputs().stream().map(input -> column(input.name(), row)).toList();
        vectors[i] = vector(lane.run(inputs).get(output), row.tokens());
      }
    }
    return vectors;
  }

  private float[] vector(Tensor output, int tokens) {
    if (output.rank() == 2) {
      return TensorValues.floats(output);
    }
    float[] pooled = Pooler.of(pooling()).pool(output, new int[] {tokens})[0];
    return encoder.options().normalize() ? atLengthOne(pooled) : pooled;
  }

  private static Tensor column(String name, PackedBatch row) {
    int[] values =
        switch (name) {
          case "input_ids" -> row.ids();
          case "token_type_ids" -> row.types();
          default -> Arrays.stream(row.ids()).map(id -> 1).toArray();
        };
    return TensorValues.ofLongs(
        new long[] {1, values.length}, Arrays.stream(values).asLongStream().toArray());
  }

  private Pooling pooling() {
    return encoder
        .options()
        .pooling()
        .map(
            pooling ->
                switch (pooling) {
                  case MEAN -> Pooling.MEAN;
                  case FIRST_TOKEN -> Pooling.CLS;
                  case LAST_TOKEN -> Pooling.LAST_TOKEN;
                })
        .orElse(Pooling.MEAN);
  }

  private static float[] atLengthOne(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float[] scaled = new float[vector.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return scaled;
  }

  private static ModelSpec spec(Path directory, Path file) {
    return new ModelSpec(
        "self-check",
        1,
        Task.TENSOR,
        EngineKind.ONNX_RUNTIME,
        directory,
        file,
        ModelConfig.getDefaultInstance(),
        null,
        ModelSettings.DEFAULT.on(DeviceChoice.CPU, OptionalInt.of(1)));
  }
}
