// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.PackedBatch;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.serving.LoadedTextEmbedder;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.text.MiniLm;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The embedded model on an emulated card beside ONNX Runtime on the CPU, in a process of its own.
 * Loading compares already; here texts do as well.
 */
final class MiniLmOnCard {
  private static final List<String> TEXTS =
      List.of(
          "Hello",
          "The quick brown fox jumps over the lazy dog.",
          "Refund requests are answered within five working days, unless the bank is closed.");

  private MiniLmOnCard() {}

  @SuppressWarnings("SystemExitOutsideMain") // this is main
  public static void main(String[] arguments) {
    try {
      ModelSpec spec = MiniLm.spec();
      ModelSpec onCpu = spec.withSettings(spec.settings().on(DeviceChoice.CPU, OptionalInt.of(1)));
      try (TextEmbedder reference = LoadedTextEmbedder.load(onCpu, new DjlEngines(), 1);
          TextEmbedder.EmbedLane lane = reference.newLane()) {
        int[][] ids = new int[TEXTS.size()][];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = reference.tokenize(TEXTS.get(i), Truncation.END).ids();
        }
        float[][] expected = lane.run(ids);
        compare(spec, "fp16", ids, expected, 0.999_995);
        compare(spec, "int8", ids, expected, 0.9965);
      }
    } catch (Throwable e) {
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }

  private static void compare(
      ModelSpec spec, String precision, int[][] ids, float[][] expected, double least)
      throws Exception {
    Map<String, String> options =
        Map.of("precision", precision, "pooling", "mean", "maxTokens", "64", "lanes", "1");
    try (CardEncoder encoder =
        CardEncoder.load(spec.directory(), spec.file(), 0, EncoderOptions.of(options))) {
      for (int i = 0; i < ids.length; i++) {
        double cosine = Vectors.cosine(encoder.run(PackedBatch.of(ids[i])), expected[i]);
        System.out.printf("%s, %d tokens: cosine %.6f%n", precision, ids[i].length, cosine);
        if (!(cosine >= least)) {
          throw new AssertionError("less than " + least);
        }
      }
    }
  }
}
