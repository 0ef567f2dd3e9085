// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.kernels.encoder.EncoderWeights.Linear;
import dev.sluice.kernels.encoder.EncoderWeights.Norm;
import dev.sluice.kernels.encoder.HeadWeights;
import dev.sluice.kernels.launch.Head.Activation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Weights of any size for an encoder that means nothing, but whose numbers are as tame as a real
 * one's.
 */
public final class DrawnEncoder {
  private final EncoderDims dims;
  private final RandomGenerator random;

  private DrawnEncoder(EncoderDims dims, RandomGenerator random) {
    this.dims = dims;
    this.random = random;
  }

  public static EncoderWeights weights(EncoderDims dims, RandomGenerator random) {
    return new DrawnEncoder(dims, random).all();
  }

  /** Of a head on such an encoder. */
  public static HeadWeights head(
      EncoderDims dims, Activation activation, int labels, RandomGenerator random) {
    DrawnEncoder drawn = new DrawnEncoder(dims, random);
    int hidden = dims.hidden();
    return new HeadWeights(drawn.linear(hidden, hidden), activation, drawn.linear(labels, hidden));
  }

  private EncoderWeights all() {
    List<EncoderWeights.Layer> layers = new ArrayList<>();
    int hidden = dims.hidden();
    int wide = dims.feedForward();
    for (int i = 0; i < dims.layers(); i++) {
      layers.add(
          new EncoderWeights.Layer(
              linear(3 * hidden, hidden),
              linear(hidden, hidden),
              norm(),
              linear(wide, hidden),
              linear(hidden, wide),
              norm()));
    }
    return new EncoderWeights(
        drawn(dims.words() * hidden, 1),
        drawn(dims.positions() * hidden, 0.3),
        drawn(dims.types() * hidden, 0.3),
        norm(),
        layers);
  }

  private Linear linear(int n, int k) {
    return new Linear(drawn(n * k, 1 / Math.sqrt(k)), drawn(n, 0.1));
  }

  private Norm norm() {
    return new Norm(
        FloatBuffer.wrap(Numbers.positive(random, dims.hidden(), 0.5, 1.5)),
        drawn(dims.hidden(), 0.2));
  }

  private FloatBuffer drawn(int count, double deviation) {
    return FloatBuffer.wrap(Numbers.floats(random, count, deviation));
  }
}
