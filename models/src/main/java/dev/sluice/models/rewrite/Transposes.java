// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Turns matrices, such as weights that an exporter wrote the other way round. */
final class Transposes {
  private Transposes() {}

  /**
   * @param perm as the operator has it; empty to reverse the axes
   */
  static Optional<Tensor> of(Tensor tensor, List<Long> perm) {
    boolean turned = perm.isEmpty() || perm.equals(List.of(1L, 0L));
    return tensor.rank() == 2 && turned ? Optional.of(turn(tensor)) : Optional.empty();
  }

  private static Tensor turn(Tensor tensor) {
    int rows = (int) tensor.dim(0);
    int columns = (int) tensor.dim(1);
    int size = tensor.type().byteSize();
    byte[] from = new byte[tensor.byteSize()];
    tensor.data().get(from);
    byte[] to = new byte[from.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        System.arraycopy(
            from, (row * columns + column) * size, to, (column * rows + row) * size, size);
      }
    }
    return new Tensor(tensor.type(), new long[] {columns, rows}, ByteBuffer.wrap(to));
  }
}
