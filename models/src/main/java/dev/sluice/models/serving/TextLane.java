// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.text.PaddedInput;
import dev.sluice.models.text.Vectors;
import java.util.Arrays;
import java.util.List;

/** Pads, runs and pools for one thread, in buffers that it keeps. */
final class TextLane implements TextEmbedder.EmbedLane {
  private final GraphLane graph;
  private final List<PaddedInput> inputs;
  private final boolean masked;
  private final TextOutput output;

  TextLane(GraphLane graph, TextInputs inputs, int padId, TextOutput output) {
    this.graph = graph;
    this.inputs = inputs.newBuffers(padId);
    this.masked = inputs.masked();
    this.output = output;
  }

  @Override
  public float[][] run(int[][] batch) throws EngineException {
    int[] lengths = Arrays.stream(batch).mapToInt(row -> row.length).toArray();
    if (Arrays.stream(lengths).anyMatch(length -> length == 0)) {
      throw new IllegalArgumentException("a row without tokens");
    }
    int width = Arrays.stream(lengths).max().orElse(0);
    boolean padded = Arrays.stream(lengths).anyMatch(length -> length < width);
    return padded && !masked ? oneByOne(batch) : together(batch, lengths, width);
  }

  /** A graph that cannot be told what is padding must see none. */
  private float[][] oneByOne(int[][] batch) throws EngineException {
    float[][] vectors = new float[batch.length][];
    for (int i = 0; i < batch.length; i++) {
      vectors[i] =
          together(new int[][] {batch[i]}, new int[] {batch[i].length}, batch[i].length)[0];
    }
    return vectors;
  }

  private float[][] together(int[][] batch, int[] lengths, int width) throws EngineException {
    if (batch.length == 0) {
      return new float[0][];
    }
    List<Tensor> filled = inputs.stream().map(input -> input.fill(batch, width)).toList();
    float[][] vectors = output.vectors(graph.run(filled), lengths, width);
    for (float[] vector : vectors) {
      if (!Vectors.finite(vector)) {
        throw new EngineException("the model gave a vector that is not all finite numbers");
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    graph.close();
  }
}
