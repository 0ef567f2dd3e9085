// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.onnx.StringStringEntryProto;
import dev.sluice.proto.onnx.TensorProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads one tensor of an ONNX file except for its numbers. */
final class OnnxTensorHead implements OnnxCursor.Part {
  private static final int MAX_STRING = 1 << 12;
  private static final int MAX_RANK = 64;

  private final OnnxCursor cursor;
  private final List<String> locations = new ArrayList<>();
  private String name = "";
  private String offset = "";
  private String length = "";
  private String key = "";
  private String value = "";
  private long[] dims = {};
  private int type;
  private int place;
  private boolean stated;

  OnnxTensorHead(OnnxCursor cursor) {
    this.cursor = cursor;
  }

  @Override
  public void field(int number) throws IOException, RefusedException {
    switch (number) {
      case TensorProto.NAME_FIELD_NUMBER -> name = cursor.string(MAX_STRING);
      case TensorProto.DIMS_FIELD_NUMBER -> dims = cursor.longs(dims, MAX_RANK);
      case TensorProto.DATA_TYPE_FIELD_NUMBER -> type = cursor.integer(type);
      case TensorProto.DATA_LOCATION_FIELD_NUMBER -> place = cursor.integer(place);
      case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> external();
      default -> cursor.skip();
    }
  }

  private void external() throws IOException, RefusedException {
    stated = true;
    key = "";
    value = "";
    cursor.message(
        number -> {
          switch (number) {
            case StringStringEntryProto.KEY_FIELD_NUMBER -> key = cursor.string(MAX_STRING);
            case StringStringEntryProto.VALUE_FIELD_NUMBER -> value = cursor.string(MAX_STRING);
            default -> cursor.skip();
          }
        });
    switch (key) {
      case "location" -> {
        if (locations.size() < 2) {
          locations.add(value);
        }
      }
      case "offset" -> offset = value;
      case "length" -> length = value;
      default -> {}
    }
  }

  /** Whether the data is, or may be taken to be, in another file. */
  boolean isExternal() {
    return stated || place == TensorProto.DataLocation.EXTERNAL_VALUE;
  }

  ExternalTensor tensor() throws RefusedException {
    return new ExternalTensor(name, locations, offset, length, bytes());
  }

  private long bytes() throws RefusedException {
    long bits = ElementBits.of(type);
    try {
      for (long size : dims) {
        if (size < 0) {
          throw new RefusedException(
              "tensor '" + ModelNames.printable(name) + "' has a negative size");
        }
        bits = Math.multiplyExact(bits, size);
      }
      return Math.addExact(bits, 7) / 8;
    } catch (ArithmeticException e) {
      throw new RefusedException(
          "the shape of tensor '" + ModelNames.printable(name) + "' overflows");
    }
  }
}
