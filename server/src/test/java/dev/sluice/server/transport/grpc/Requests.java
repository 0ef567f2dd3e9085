// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.InferTensorContents;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Short ways to the requests that tests send. */
final class Requests {
  private Requests() {}

  /** Three FP32 numbers to that model, raw. */
  static ModelInferRequest.Builder three(String model) {
    return raw("FP32", floats(0.25f, 4f, -1f), 1, 3).setModelName(model);
  }

  static ModelInferRequest.Builder raw(String datatype, ByteString data, long... shape) {
    return ModelInferRequest.newBuilder()
        .setModelName("echo")
        .addInputs(input("x", datatype, shape))
        .addRawInputContents(data);
  }

  static ModelInferRequest typed(
      String datatype, InferTensorContents.Builder contents, long... shape) {
    return ModelInferRequest.newBuilder()
        .setModelName("echo")
        .addInputs(input("x", datatype, shape).setContents(contents))
        .build();
  }

  static InferInputTensor.Builder input(String name, String datatype, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
    for (long size : shape) {
      input.addShape(size);
    }
    return input;
  }

  static ByteString floats(float... values) {
    ByteBuffer out =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      out.putFloat(value);
    }
    return ByteString.copyFrom(out.flip());
  }

  static ByteString bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return ByteString.copyFrom(out);
  }

  static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  static InferParameter yes() {
    return InferParameter.newBuilder().setBoolParam(true).build();
  }
}
