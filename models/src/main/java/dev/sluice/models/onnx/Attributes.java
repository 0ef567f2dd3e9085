// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import com.google.protobuf.ByteString;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.AttributeProto.AttributeType;

/** Attributes of nodes to be added. */
public final class Attributes {
  private Attributes() {}

  public static AttributeProto integer(String name, long value) {
    return named(name, AttributeType.INT).setI(value).build();
  }

  public static AttributeProto real(String name, float value) {
    return named(name, AttributeType.FLOAT).setF(value).build();
  }

  public static AttributeProto string(String name, String value) {
    return named(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
  }

  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute = named(name, AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto.Builder named(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
