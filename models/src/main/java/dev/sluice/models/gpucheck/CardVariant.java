// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An encoder on the first card, in one precision, by Sluice's engine. For one thread. */
final class CardVariant implements AutoCloseable {
  private static final String ENGINE = "SluiceCuda";

  private final Model model;

  private CardVariant(Model model) {
    this.model = model;
  }

  /**
   * @param precision as the engine names it
   * @throws MalformedModelException saying why the card or the engine cannot run it
   */
  static CardVariant load(Path file, String precision) throws IOException, MalformedModelException {
    Model model = Model.newInstance(precision, Device.gpu(0), ENGINE);
    boolean loaded = false;
    try {
      model.load(file, null, Map.of("precision", precision, "pooling", "mean", "lanes", "1"));
      loaded = true;
      return new CardVariant(model);
    } finally {
      if (!loaded) {
        model.close();
      }
    }
  }

  /** A vector for each row of token ids. */
  float[][] run(int[][] batch) {
    int width = Arrays.stream(batch).mapToInt(row -> row.length).max().orElseThrow();
    long[] ids = new long[batch.length * width];
    long[] mask = new long[ids.length];
    for (int row = 0; row < batch.length; row++) {
      for (int i = 0; i < batch[row].length; i++) {
        ids[row * width + i] = batch[row][i];
        mask[row * width + i] = 1;
      }
    }
    Shape shape = new Shape(batch.length, width);
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs =
          new NDList(
              named(manager, "input_ids", ids, shape),
              named(manager, "attention_mask", mask, shape),
              named(manager, "token_type_ids", new long[ids.length], shape));
      NDList made = model.getBlock().forward(new ParameterStore(manager, false), inputs, false);
      float[] rows = made.head().toFloatArray();
      int size = rows.length / batch.length;
      float[][] vectors = new float[batch.length][];
      Arrays.setAll(vectors, row -> Arrays.copyOfRange(rows, row * size, (row + 1) * size));
      return vectors;
    }
  }

  private static NDArray named(NDManager manager, String name, long[] values, Shape shape) {
    NDArray array = manager.create(LongBuffer.wrap(values), shape, DataType.INT64);
    array.setName(name);
    return array;
  }

  @Override
  public void close() {
    model.close();
  }
}
