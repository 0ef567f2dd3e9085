// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.Specs;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Runs models on the CPU, through the engine that serves them. */
public final class Runs {
  private static final ModelSettings CPU =
      ModelSettings.DEFAULT.on(DeviceChoice.CPU, OptionalInt.empty());

  private Runs() {}

  /** Texts of these lengths, padded to the longest; every id below the vocabulary. */
  public record Texts(int vocabulary, List<Integer> sizes, boolean pairs) {
    public static Texts of(int vocabulary, Integer... sizes) {
      return new Texts(vocabulary, List.of(sizes), false);
    }

    /** Every other one a pair, whose second half is of type 1. */
    public Texts withPairs() {
      return new Texts(vocabulary, sizes, true);
    }

    public int[] lengths() {
      return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    public int width() {
      return Collections.max(sizes);
    }

    public Tensor input(String name) {
      Random random = new Random(5);
      long[] values = new long[sizes.size() * width()];
      for (int i = 0; i < values.length; i++) {
        boolean real = i % width() < sizes.get(i / width());
        long id = 2L + random.nextInt(vocabulary - 2);
        values[i] =
            switch (name) {
              case "input_ids" -> real ? id : 1;
              case "attention_mask" -> real ? 1 : 0;
              case "token_type_ids" -> real && isSecond(i) ? 1 : 0;
              default -> throw new IllegalArgumentException(name);
            };
      }
      return TensorValues.ofLongs(new long[] {sizes.size(), width()}, values);
    }

    private boolean isSecond(int place) {
      int row = place / width();
      return pairs && row % 2 == 0 && place % width() >= (sizes.get(row) + 1) / 2;
    }
  }

  /** The first output. */
  public static Tensor run(OnnxModel model, Texts texts) throws Exception {
    return run(model, specs -> specs.stream().map(spec -> texts.input(spec.name())).toList());
  }

  interface Feed {
    List<Tensor> inputs(List<TensorSpec> specs);
  }

  static Tensor run(OnnxModel model, Feed feed) throws Exception {
    Path folder = Files.createTempDirectory("rewrite");
    Path file = folder.resolve("model.onnx");
    model.write(file);
    try (Graph graph =
            new DjlEngines().load(Specs.of(file, ModelConfig.getDefaultInstance(), CPU));
        GraphLane lane = graph.newLane()) {
      return lane.run(feed.inputs(graph.inputs())).getFirst();
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }

  /** The components that belong to tokens, not to padding, of an output [B, S, H]. */
  public static float[] ofTokens(Tensor output, Texts texts) {
    float[] all = TensorValues.floats(output);
    int size = (int) output.dim(2);
    List<Float> kept = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      int token = i / size;
      if (token % texts.width() < texts.sizes().get(token / texts.width())) {
        kept.add(all[i]);
      }
    }
    float[] values = new float[kept.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = kept.get(i);
    }
    return values;
  }
}
