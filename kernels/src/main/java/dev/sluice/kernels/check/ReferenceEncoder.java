// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderOutput;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.kernels.encoder.HeadWeights;
import dev.sluice.kernels.encoder.PackedBatch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an encoder gives, in double precision and plain loops: slow, and nothing to be wrong about.
 * Stateless; sequences may be given to it from any number of threads.
 */
public final class ReferenceEncoder {
  private final EncoderDims dims;
  private final EncoderWeights weights;
  private final List<EncoderWeights.Layer> layers;

  /** Asks for all layers of the weights now. */
  public ReferenceEncoder(EncoderDims dims, EncoderWeights weights) {
    this.dims = dims;
    this.weights = weights;
    this.layers = List.copyOf(weights.layers());
  }

  /** As a lane would give it: row after row, one per sequence or one per token. */
  public float[] run(PackedBatch batch, EncoderOutput output) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < batch.sequences(); i++) {
      double[][] tokens = tokens(batch, i);
      switch (output) {
        case EncoderOutput.Tokens all -> rows.addAll(Arrays.asList(tokens));
        case EncoderOutput.Vectors vectors -> rows.add(vector(tokens, vectors));
        case EncoderOutput.Labels labels ->
            throw new IllegalArgumentException("the weights of a head are needed");
      }
    }
    return floats(rows);
  }

  /** As a lane would give it whose output is such a head: row after row, one per sequence. */
  public float[] run(PackedBatch batch, HeadWeights head) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < batch.sequences(); i++) {
      double[][] dense = product(new double[][] {tokens(batch, i)[0]}, head.dense());
      Arrays.setAll(dense[0], j -> Numbers.activated(dense[0][j], head.activation()));
      rows.add(product(dense, head.labels())[0]);
    }
    return floats(rows);
  }

  private static float[] floats(List<double[]> rows) {
    float[] all = new float[rows.size() * rows.getFirst().length];
    int at = 0;
    for (double[] row : rows) {
      for (double value : row) {
        all[at++] = (float) value;
      }
    }
    return all;
  }

  private double[][] tokens(PackedBatch batch, int sequence) {
    int from = batch.starts()[sequence];
    int to = batch.starts()[sequence + 1];
    int[] types =
        batch.types().length == 0
            ? new int[to - from]
            : Arrays.copyOfRange(batch.types(), from, to);
    return tokens(Arrays.copyOfRange(batch.ids(), from, to), types);
  }

  private double[][] tokens(int[] ids, int[] types) {
    double[][] x = new double[ids.length][dims.hidden()];
    for (int i = 0; i < ids.length; i++) {
      addRow(x[i], weights.words(), ids[i]);
      addRow(x[i], weights.positions(), i);
      if (dims.types() > 0) {
        addRow(x[i], weights.types(), types[i]);
      }
      x[i] = normalized(x[i], weights.norm());
    }
    for (EncoderWeights.Layer layer : layers) {
      double[][] attended = product(attention(product(x, layer.qkv())), layer.attended());
      add(x, attended, layer.attentionNorm());
      double[][] wide = product(x, layer.up());
      for (double[] row : wide) {
        Arrays.setAll(row, j -> Numbers.gelu(row[j]));
      }
      add(x, product(wide, layer.down()), layer.outputNorm());
    }
    return x;
  }

  private double[][] attention(double[][] qkv) {
    int hidden = dims.hidden();
    int size = dims.headSize();
    double[][] out = new double[qkv.length][hidden];
    for (int head = 0; head < dims.heads(); head++) {
      int q = head * size;
      for (int i = 0; i < qkv.length; i++) {
        double[] shares = new double[qkv.length];
        for (int j = 0; j < qkv.length; j++) {
          for (int c = 0; c < size; c++) {
            shares[j] += qkv[i][q + c] * qkv[j][hidden + q + c];
          }
          shares[j] /= Math.sqrt(size);
        }
        double most = Arrays.stream(shares).max().orElse(0);
        Arrays.setAll(shares, j -> Math.exp(shares[j] - most));
        double sum = Arrays.stream(shares).sum();
        for (int j = 0; j < qkv.length; j++) {
          for (int c = 0; c < size; c++) {
            out[i][q + c] += shares[j] / sum * qkv[j][2 * hidden + q + c];
          }
        }
      }
    }
    return out;
  }

  private static double[][] product(double[][] x, EncoderWeights.Linear linear) {
    int n = linear.bias().remaining();
    float[] bias = array(linear.bias());
    float[] weight = array(linear.weight());
    double[][] out = new double[x.length][n];
    for (int i = 0; i < x.length; i++) {
      double[] row = x[i];
      for (int j = 0; j < n; j++) {
        double sum = bias[j];
        for (int c = 0; c < row.length; c++) {
          sum += row[c] * weight[j * row.length + c];
        }
        out[i][j] = sum;
      }
    }
    return out;
  }

  private void add(double[][] x, double[][] more, EncoderWeights.Norm norm) {
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] += more[i][j];
      }
      x[i] = normalized(x[i], norm);
    }
  }

  private double[] normalized(double[] row, EncoderWeights.Norm norm) {
    return new LayerNorm(array(norm.gain()), array(norm.shift()), dims.epsilon()).apply(row);
  }

  private double[] vector(double[][] tokens, EncoderOutput.Vectors output) {
    double[] vector =
        switch (output.pooling()) {
          case MEAN -> mean(tokens);
          case FIRST_TOKEN -> tokens[0];
          case LAST_TOKEN -> tokens[tokens.length - 1];
        };
    double[] cut = Arrays.copyOf(vector, output.dims());
    if (output.normalize()) {
      double length = Math.sqrt(Arrays.stream(cut).map(value -> value * value).sum());
      Arrays.setAll(cut, i -> cut[i] / length);
    }
    return cut;
  }

  private static double[] mean(double[][] tokens) {
    double[] mean = new double[tokens[0].length];
    for (double[] token : tokens) {
      Arrays.setAll(mean, i -> mean[i] + token[i] / tokens.length);
    }
    return mean;
  }

  private void addRow(double[] to, FloatBuffer table, int row) {
    int from = table.position() + row * to.length;
    Arrays.setAll(to, i -> to[i] + table.get(from + i));
  }

  private static float[] array(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.duplicate().get(values);
    return values;
  }
}
