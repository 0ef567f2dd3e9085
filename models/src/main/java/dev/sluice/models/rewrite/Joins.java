// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** Puts tensors side by side. */
final class Joins {
  private Joins() {}

  /** Along the last axis; all have one type, and the other axes in common. */
  static Tensor alongLastAxis(List<Tensor> parts) {
    Tensor first = parts.getFirst();
    long[] shape = first.shape();
    int last = shape.length - 1;
    shape[last] = parts.stream().mapToLong(part -> part.dim(last)).sum();
    ByteBuffer joined =
        ByteBuffer.allocate(Math.toIntExact(Tensor.elements(shape) * first.type().byteSize()));
    List<ByteBuffer> sources = parts.stream().map(Tensor::data).toList();
    while (joined.hasRemaining()) {
      for (int i = 0; i < parts.size(); i++) {
        int row = (int) parts.get(i).dim(last) * first.type().byteSize();
        ByteBuffer source = sources.get(i);
        joined.put(source.slice(source.position(), row));
        source.position(source.position() + row);
      }
    }
    return new Tensor(first.type(), shape, joined.flip());
  }
}
