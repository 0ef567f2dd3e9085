// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.tensor.Tensor;

/** For graphs that give one vector per text themselves. */
final class PooledAlready implements Pooler {
  @Override
  public int rank() {
    return 2;
  }

  @Override
  public float[][] pool(Tensor output, int[] lengths) {
    FloatRows vectors = FloatRows.of(output);
    float[][] copies = new float[lengths.length][Math.toIntExact(output.dim(1))];
    for (int row = 0; row < lengths.length; row++) {
      vectors.read(row, copies[row]);
    }
    return copies;
  }
}
