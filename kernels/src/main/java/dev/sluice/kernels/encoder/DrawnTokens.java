// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Vectors of drawn tokens on their way through an encoder, on the host: they tell which channels of
 * what LayerNorms give are large, before weights are rounded that meet them. Channels are large by
 * the weights, hardly by the words, so a hundred tokens that mean nothing tell as much as texts do.
 * The same every time. For one thread.
 *
 * <p>Nothing is checked here: layers are given to it whose weights have the right sizes.
 */
final class DrawnTokens {
  private static final int SEQUENCES = 4;
  private static final int MOST_LENGTH = 24;
  private static final long SEED = 1;

  /** Sizes of encoders are multiples of it. */
  private static final int AT_ONCE = 4;

  private final EncoderDims dims;
  private final int length;
  private final int tokens;

  /** Channel after channel: the inner loops run over tokens. */
  private final float[] x;

  private DrawnTokens(EncoderDims dims) {
    this.dims = dims;
    this.length = Math.min(MOST_LENGTH, dims.positions());
    this.tokens = SEQUENCES * length;
    this.x = new float[dims.hidden() * tokens];
  }

  /** As the first layer is given them. */
  static DrawnTokens embedded(EncoderDims dims, EncoderWeights weights) {
    DrawnTokens drawn = new DrawnTokens(dims);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int token = 0; token < drawn.tokens; token++) {
      drawn.addRow(token, weights.words(), random.nextInt(dims.words()));
      drawn.addRow(token, weights.positions(), token % drawn.length);
      if (dims.types() > 0) {
        drawn.addRow(token, weights.types(), 0);
      }
    }
    drawn.normalize(weights.norm());
    return drawn;
  }

  private void addRow(int token, FloatBuffer table, int row) {
    int from = table.position() + row * dims.hidden();
    for (int channel = 0; channel < dims.hidden(); channel++) {
      x[channel * tokens + token] += table.get(from + channel);
    }
  }

  /** Of each channel the largest magnitude. */
  float[] reach() {
    float[] reach = new float[dims.hidden()];
    for (int i = 0; i < x.length; i++) {
      reach[i / tokens] = Math.max(reach[i / tokens], Math.abs(x[i]));
    }
    return reach;
  }

  /** Through the first half of a layer. */
  void attend(EncoderWeights.Layer layer) {
    add(product(attention(product(x, layer.qkv())), layer.attended()), layer.attentionNorm());
  }

  /** Through the second half. */
  void feedForward(EncoderWeights.Layer layer) {
    float[] wide = product(x, layer.up());
    for (int i = 0; i < wide.length; i++) {
      wide[i] = nearlyGelu(wide[i]);
    }
    add(product(wide, layer.down()), layer.outputNorm());
  }

  private void add(float[] more, EncoderWeights.Norm norm) {
    for (int i = 0; i < x.length; i++) {
      x[i] += more[i];
    }
    normalize(norm);
  }

  private float[] product(float[] in, EncoderWeights.Linear linear) {
    int n = linear.bias().remaining();
    float[] weights = new float[in.length / tokens];
    float[] out = new float[n * tokens];
    float[] sums = new float[tokens];
    for (int j = 0; j < n; j++) {
      linear.weight().get(linear.weight().position() + j * weights.length, weights);
      Arrays.fill(sums, linear.bias().get(linear.bias().position() + j));
      for (int k = 0; k < weights.length; k += AT_ONCE) {
        addProducts(sums, weights, k, in);
      }
      System.arraycopy(sums, 0, out, j * tokens, tokens);
    }
    return out;
  }

  /** A loop for itself, which compilers make wide; of several channels, so that sums stay near. */
  private static void addProducts(float[] sums, float[] weights, int k, float[] in) {
    int tokens = sums.length;
    int from = k * tokens;
    float a = weights[k];
    float b = weights[k + 1];
    float c = weights[k + 2];
    float d = weights[k + 3];
    for (int i = 0; i < tokens; i++) {
      sums[i] +=
          a * in[from + i]
              + b * in[from + tokens + i]
              + c * in[from + 2 * tokens + i]
              + d * in[from + 3 * tokens + i];
    }
  }

  private static void addProduct(float[] sums, float weight, float[] values, int from) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * values[from + i];
    }
  }

  private float[] attention(float[] qkv) {
    float[] out = new float[dims.hidden() * tokens];
    for (int head = 0; head < dims.heads(); head++) {
      for (int first = 0; first < tokens; first += length) {
        for (int query = 0; query < length; query++) {
          attend(qkv, head * dims.headSize(), first, first + query, out);
        }
      }
    }
    return out;
  }

  /** One token to those of its sequence, by one head. */
  private void attend(float[] qkv, int firstChannel, int firstToken, int query, float[] out) {
    int part = dims.hidden() * tokens;
    float[] shares = new float[length];
    for (int c = firstChannel; c < firstChannel + dims.headSize(); c++) {
      addProduct(shares, qkv[c * tokens + query], qkv, part + c * tokens + firstToken);
    }
    double most = Float.NEGATIVE_INFINITY;
    for (float share : shares) {
      most = Math.max(most, share);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      shares[i] = (float) Math.exp((shares[i] - most) / Math.sqrt(dims.headSize()));
      sum += shares[i];
    }
    for (int c = firstChannel; c < firstChannel + dims.headSize(); c++) {
      double value = 0;
      for (int i = 0; i < length; i++) {
        value += shares[i] * qkv[2 * part + c * tokens + firstToken + i];
      }
      out[c * tokens + query] = (float) (value / sum);
    }
  }

  private void normalize(EncoderWeights.Norm norm) {
    int hidden = dims.hidden();
    for (int token = 0; token < tokens; token++) {
      double sum = 0;
      double squares = 0;
      for (int i = token; i < x.length; i += tokens) {
        sum += x[i];
        squares += (double) x[i] * x[i];
      }
      double mean = sum / hidden;
      double inverse = 1 / Math.sqrt(squares / hidden - mean * mean + dims.epsilon());
      for (int channel = 0; channel < hidden; channel++) {
        int i = channel * tokens + token;
        float gain = norm.gain().get(norm.gain().position() + channel);
        float shift = norm.shift().get(norm.shift().position() + channel);
        x[i] = (float) ((x[i] - mean) * inverse) * gain + shift;
      }
    }
  }

  /** By tanh: what is asked for is how large values are. */
  private static float nearlyGelu(float x) {
    double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return (float) (0.5 * x * (1 + Math.tanh(inner)));
  }
}
