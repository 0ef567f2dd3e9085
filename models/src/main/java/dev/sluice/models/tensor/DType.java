// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The element types of the Open Inference Protocol, by their names on the wire. */
public enum DType {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  FP32(4),
  FP64(8),
  BF16(2),
  /** Strings of bytes: each a little-endian uint32 length and that many bytes. */
  BYTES(-1);

  private static final Map<String, DType> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(DType::name, type -> type));

  private final int byteSize;

  DType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** Bytes per element; -1 for {@link #BYTES}. */
  public int byteSize() {
    return byteSize;
  }

  public boolean fixedSize() {
    return byteSize > 0;
  }

  /** The type of that wire name, in exactly that spelling. */
  public static Optional<DType> ofName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
