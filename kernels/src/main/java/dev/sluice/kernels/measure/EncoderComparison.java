// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.check.DrawnEncoder;
import dev.sluice.kernels.check.ReferenceEncoder;
import dev.sluice.kernels.encoder.DeviceEncoder;
import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderLane;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.kernels.encoder.LaneBounds;
import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Encoders of a model's sizes beside the reference, in both precisions: near enough to it, and the
 * same bits for a sequence alone and in company.
 */
final class EncoderComparison {
  /** Both sides of a tile of attention; few, as the reference is slow. */
  private static final int[] LENGTHS = {1, 17, 66, 5};

  /** A smaller table of words finds the same faults. */
  private static final int MOST_WORDS = 1000;

  private final Gpu gpu;
  private final Kind kind;
  private final RandomGenerator random;

  EncoderComparison(Gpu gpu, Kind kind, RandomGenerator random) {
    this.gpu = gpu;
    this.kind = kind;
    this.random = random;
  }

  /** The cosine that each sequence's vector must have with the reference's. */
  private static double leastCosine(Precision precision) {
    return switch (precision) {
      case FP16 -> 0.9999;
      case INT8 -> 0.995;
    };
  }

  List<EncoderVerdict> run(Extent.Model model, int mostLayers) {
    EncoderDims dims = cut(model.dims(), mostLayers);
    EncoderWeights weights = DrawnEncoder.weights(dims, random);
    EncoderOutput output = new EncoderOutput.Vectors(Pooling.MEAN, true, dims.hidden());
    List<int[]> sequences = sequences(dims);
    float[] expected =
        new ReferenceEncoder(dims, weights).run(PackedBatch.of(array(sequences)), output);
    List<EncoderVerdict> verdicts = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      try (DeviceEncoder encoder =
              DeviceEncoder.upload(gpu, model.name(), dims, precision, kind, weights);
          EncoderLane lane = encoder.newLane("comparison", bounds(sequences), output)) {
        verdicts.add(compare(model, encoder, lane, sequences, expected));
      }
    }
    return verdicts;
  }

  private EncoderVerdict compare(
      Extent.Model model,
      DeviceEncoder encoder,
      EncoderLane lane,
      List<int[]> sequences,
      float[] expected) {
    float[] together = lane.run(PackedBatch.of(array(sequences)));
    int width = lane.width();
    double cosine = 1;
    double error = 0;
    Optional<String> problem = Optional.empty();
    for (int i = 0; i < sequences.size(); i++) {
      float[] got = Arrays.copyOfRange(together, i * width, (i + 1) * width);
      float[] wanted = Arrays.copyOfRange(expected, i * width, (i + 1) * width);
      Nearness nearness = Nearness.of(got, wanted);
      // NaN is near to nothing, and stays.
      cosine = Math.min(cosine, nearness.cosine());
      error = Math.max(error, nearness.error());
      if (problem.isEmpty() && !Arrays.equals(lane.run(PackedBatch.of(sequences.get(i))), got)) {
        problem =
            Optional.of(
                "a sequence of %d tokens has other bits alone than in company"
                    .formatted(sequences.get(i).length));
      }
    }
    Precision precision = encoder.precision();
    if (!(cosine >= leastCosine(precision))) {
      problem =
          Optional.of("cosine %s, at least %s wanted".formatted(cosine, leastCosine(precision)));
    }
    return new EncoderVerdict(
        model.name(), precision, encoder.dims().layers(), cosine, error, problem);
  }

  private static EncoderDims cut(EncoderDims dims, int mostLayers) {
    return new EncoderDims(
        Math.min(dims.layers(), mostLayers),
        dims.hidden(),
        dims.heads(),
        dims.feedForward(),
        Math.min(dims.words(), MOST_WORDS),
        dims.positions(),
        dims.types(),
        dims.epsilon());
  }

  private List<int[]> sequences(EncoderDims dims) {
    return Arrays.stream(LENGTHS)
        .map(length -> Math.min(length, dims.positions()))
        .mapToObj(length -> random.ints(length, 0, dims.words()).toArray())
        .toList();
  }

  private static LaneBounds bounds(List<int[]> sequences) {
    return new LaneBounds(sequences.stream().mapToInt(ids -> ids.length).sum(), sequences.size());
  }

  private static int[][] array(List<int[]> sequences) {
    return sequences.toArray(int[][]::new);
  }
}
