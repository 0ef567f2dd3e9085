// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * One input of a text model, filled from batches of token ids and padded at the row ends.
 *
 * <p>Belongs to one lane and one thread: every tensor that it gives lies in the same off-heap
 * buffer, which the next call overwrites.
 */
public final class PaddedInput {
  /** What text models call their inputs, and what stands in them. */
  public enum Column {
    INPUT_IDS,
    ATTENTION_MASK,
    TOKEN_TYPE_IDS,
    POSITION_IDS;

    public static Optional<Column> ofInput(String name) {
      for (Column column : values()) {
        if (column.inputName().equals(name)) {
          return Optional.of(column);
        }
      }
      return Optional.empty();
    }

    public String inputName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Column column;
  private final DType type;
  private final int padId;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /**
   * Makes an empty input.
   *
   * @param type INT64 or INT32
   */
  public PaddedInput(Column column, DType type, int padId) {
    if (type != DType.INT64 && type != DType.INT32) {
      throw new IllegalArgumentException(type + " holds no token ids");
    }
    this.column = column;
    this.type = type;
    this.padId = padId;
  }

  /** The batch as a tensor {@code [rows, width]}; no row may be longer than the width. */
  public Tensor fill(int[][] batch, int width) {
    int bytes = Math.multiplyExact(Math.multiplyExact(batch.length, width), type.byteSize());
    if (buffer.capacity() < bytes) {
      int roomy = (int) Math.min(Integer.MAX_VALUE, 2L * bytes);
      buffer = ByteBuffer.allocateDirect(roomy).order(ByteOrder.LITTLE_ENDIAN);
    }
    buffer.clear().limit(bytes);
    for (int[] row : batch) {
      for (int place = 0; place < width; place++) {
        put(value(row, place));
      }
    }
    return new Tensor(type, new long[] {batch.length, width}, buffer.flip());
  }

  private int value(int[] row, int place) {
    boolean token = place < row.length;
    return switch (column) {
      case INPUT_IDS -> token ? row[place] : padId;
      case ATTENTION_MASK -> token ? 1 : 0;
      case TOKEN_TYPE_IDS -> 0;
      case POSITION_IDS -> place;
    };
  }

  private void put(int value) {
    if (type == DType.INT64) {
      buffer.putLong(value);
    } else {
      buffer.putInt(value);
    }
  }
}
