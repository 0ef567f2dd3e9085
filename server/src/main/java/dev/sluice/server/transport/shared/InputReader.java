// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.telemetry.Limit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the inputs of a request into tensors whose data fits their shape. */
public final class InputReader {
  private static final int MAX_RANK = 32;

  private final ModelInferRequest request;
  private final boolean raw;

  private InputReader(ModelInferRequest request) {
    this.request = request;
    this.raw = request.getRawInputContentsCount() > 0;
  }

  public static List<NamedTensor> read(ModelInferRequest request, int maxInputs) {
    int count = request.getInputsCount();
    if (count > maxInputs) {
      throw Refusals.tooMuch(
          Limit.TENSORS, "inputs", "at most " + maxInputs + " are taken, not " + count);
    }
    return new InputReader(request).readAll();
  }

  private List<NamedTensor> readAll() {
    int rawCount = request.getRawInputContentsCount();
    int count = request.getInputsCount();
    Set<String> names = new HashSet<>();
    List<NamedTensor> tensors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      InferInputTensor input = request.getInputs(i);
      Where where = new Where("inputs", i, input.getName());
      if (input.getName().isEmpty()) {
        throw Refusals.invalid(where.place() + ".name", "must not be empty");
      }
      if (!names.add(input.getName())) {
        throw Refusals.invalid(
            where.place() + ".name", Refusals.quote(input.getName()) + " is given more than once");
      }
      if (input.getParametersCount() > 0) {
        SharedMemory.refuse(where.place(), input.getParametersMap().keySet());
      }
      tensors.add(new NamedTensor(input.getName(), readTensor(i, input, where)));
    }
    if (raw && rawCount > count) {
      throw Refusals.invalid(
          "raw_input_contents", "has " + rawCount + " entries for " + count + " inputs");
    }
    return tensors;
  }

  private Tensor readTensor(int index, InferInputTensor input, Where where) {
    DType type =
        DType.ofName(input.getDatatype())
            .orElseThrow(
                () ->
                    Refusals.invalid(
                        where + ".datatype",
                        Refusals.quote(input.getDatatype())
                            + " is not one of "
                            + Arrays.toString(DType.values())));
    long[] shape = shape(input, where);
    long elements = elements(shape, type, where);
    ByteBuffer data = raw ? rawData(index, input, where) : typedData(input, type, elements, where);
    checkLength(data, type, elements, raw ? new Where("raw_input_contents", index, "") : where);
    return new Tensor(type, shape, data);
  }

  private static long[] shape(InferInputTensor input, Where where) {
    if (input.getShapeCount() > MAX_RANK) {
      throw Refusals.invalid(
          where + ".shape",
          "at most " + MAX_RANK + " dimensions are taken, not " + input.getShapeCount());
    }
    long[] shape = new long[input.getShapeCount()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = input.getShape(axis);
      if (shape[axis] < 0) {
        throw Refusals.invalid(
            where + ".shape", "dimension " + axis + " is negative: " + shape[axis]);
      }
    }
    return shape;
  }

  private static long elements(long[] shape, DType type, Where where) {
    try {
      long elements = Tensor.elements(shape);
      Math.multiplyExact(elements, Math.max(4, type.byteSize()));
      return elements;
    } catch (ArithmeticException e) {
      throw Refusals.invalid(
          where + ".shape", Arrays.toString(shape) + " is larger than any tensor can be");
    }
  }

  private ByteBuffer rawData(int index, InferInputTensor input, Where where) {
    if (input.hasContents()) {
      throw Refusals.invalid(
          where + ".contents", "must not be set when raw_input_contents is used");
    }
    if (index >= request.getRawInputContentsCount()) {
      throw Refusals.invalid(
          "raw_input_contents",
          "has "
              + request.getRawInputContentsCount()
              + " entries, none for "
              + where
              + "; each input needs one, in order");
    }
    return request.getRawInputContents(index).asReadOnlyByteBuffer();
  }

  private static ByteBuffer typedData(
      InferInputTensor input, DType type, long elements, Where where) {
    if (!input.hasContents() && elements > 0) {
      throw Refusals.invalid(
          where.toString(),
          "no data: neither raw_input_contents nor contents holds its " + elements + " elements");
    }
    return TypedContents.toRaw(input.getContents(), type, elements, where + ".contents");
  }

  private static void checkLength(ByteBuffer data, DType type, long elements, Where where) {
    if (!type.fixedSize()) {
      BytesElements.check(data, elements, where.toString());
      return;
    }
    long expected = elements * type.byteSize();
    if (data.remaining() != expected) {
      throw Refusals.invalid(
          where.toString(),
          "has "
              + data.remaining()
              + " bytes where the shape needs "
              + expected
              + " ("
              + elements
              + " elements of "
              + type
              + ")");
    }
  }

  /** What a refusal is about. Put into words only then: most requests are good. */
  private record Where(String list, int index, String name) {
    String place() {
      return list + "[" + index + "]";
    }

    @Override
    public String toString() {
      return name.isEmpty() ? place() : place() + " (" + Refusals.quote(name) + ")";
    }
  }
}
