// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.tensor.Tensor;

/** The mean of a row's token vectors. */
final class MeanPooler implements Pooler {
  /** What sentence-transformers divides by when a row has no tokens. */
  private static final float FEWEST = 1e-9f;

  @Override
  public float[][] pool(Tensor output, int[] lengths) {
    FloatRows tokens = FloatRows.of(output);
    int width = Math.toIntExact(output.dim(1));
    int components = Math.toIntExact(output.dim(2));
    float[] token = new float[components];
    float[][] means = new float[lengths.length][components];
    for (int row = 0; row < lengths.length; row++) {
      float[] sum = means[row];
      for (int t = 0; t < lengths[row]; t++) {
        tokens.read(row * width + t, token);
        for (int i = 0; i < components; i++) {
          sum[i] += token[i];
        }
      }
      float count = Math.max(lengths[row], FEWEST);
      for (int i = 0; i < components; i++) {
        sum[i] /= count;
      }
    }
    return means;
  }
}
