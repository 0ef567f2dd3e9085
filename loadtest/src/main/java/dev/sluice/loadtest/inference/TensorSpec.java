// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.run.RunException;
import dev.sluice.proto.inference.ModelMetadataResponse.TensorMetadata;
import java.util.List;

/**
 * An input as a server describes it.
 *
 * @param shape -1 where any size goes; the first of such an input is that of the batch
 */
record TensorSpec(String name, DataType type, List<Long> shape) {
  private static final int MOST_DIMENSIONS = 32;

  TensorSpec {
    shape = List.copyOf(shape);
  }

  /**
   * @throws RunException if no such tensor can be
   */
  static TensorSpec of(String model, TensorMetadata input) {
    String which = "target oip: input " + input.getName() + " of " + model + " ";
    DataType type =
        DataType.named(input.getDatatype())
            .orElseThrow(
                () ->
                    new RunException(
                        which
                            + "is '"
                            + input.getDatatype()
                            + "', which is none of "
                            + DataType.names()));
    boolean sizes = input.getShapeList().stream().allMatch(size -> size >= -1 && size != 0);
    if (!sizes || input.getShapeCount() > MOST_DIMENSIONS) {
      throw new RunException(which + "has the shape " + input.getShapeList());
    }
    return new TensorSpec(input.getName(), type, input.getShapeList());
  }

  /** Whether several rows go into one tensor. */
  boolean batched() {
    return !shape.isEmpty() && shape.getFirst() < 0;
  }

  /** The sizes of a row, those that are free being of this length. */
  List<Long> row(long length) {
    return shape.stream().skip(batched() ? 1 : 0).map(size -> size < 0 ? length : size).toList();
  }

  /** Elements of such a row, or more than any bound. */
  long elements(long length) {
    long elements = 1;
    for (long size : row(length)) {
      elements = size > Long.MAX_VALUE / elements ? Long.MAX_VALUE : elements * size;
    }
    return elements;
  }

  /** Ids of tokens, or what goes with them: whole numbers, one row for each text. */
  boolean tokens() {
    boolean whole = type == DataType.INT64 || type == DataType.INT32;
    return whole && shape.size() == 2 && (batched() || shape.getFirst() == 1);
  }

  /** How wide a row of such is where this many are wanted. */
  long width(int wanted) {
    return shape.get(1) < 0 ? wanted : shape.get(1);
  }

  /** One text to a row. */
  boolean texts() {
    return type == DataType.BYTES
        && !shape.isEmpty()
        && shape.stream().allMatch(size -> size < 0 || size == 1);
  }
}
