// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.server.telemetry.Limit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds a request's tensors against what a model declares. What passes has every declared input,
 * once, of the right type and shape, with one number of rows.
 */
final class InferValidator {
  private static final int LONGEST_NAME = 100;

  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final List<Integer> allOutputs;
  private final int maxRows;

  /**
   * @param maxRows the most rows one request may bring; 0 if the model takes no batch dimension
   */
  InferValidator(List<TensorSpec> inputs, List<TensorSpec> outputs, int maxRows) {
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.allOutputs = IntStream.range(0, outputs.size()).boxed().toList();
    this.maxRows = maxRows;
  }

  /** The tensors in the order of the model's inputs. */
  List<Tensor> inputs(List<NamedTensor> given) {
    Map<String, Tensor> byName = new HashMap<>();
    for (NamedTensor input : given) {
      if (byName.put(input.name(), input.tensor()) != null) {
        String twice = shown(input.name());
        throw Problems.invalid(field(twice), "input '" + twice + "' is given twice");
      }
    }
    List<Tensor> ordered = new ArrayList<>(inputs.size());
    for (TensorSpec spec : inputs) {
      Tensor tensor = byName.remove(spec.name());
      if (tensor == null) {
        throw Problems.invalid(
            field(spec.name()),
            "input '%s' is missing; the model takes %s".formatted(spec.name(), names(inputs)));
      }
      check(spec, tensor);
      ordered.add(tensor);
    }
    if (!byName.isEmpty()) {
      String extra = shown(byName.keySet().stream().sorted().findFirst().orElseThrow());
      throw Problems.invalid(
          field(extra), "the model has no input '%s'; it takes %s".formatted(extra, names(inputs)));
    }
    if (maxRows > 0) {
      checkRows(ordered);
    }
    return ordered;
  }

  /** The indices of the outputs that are wanted, in the order asked for. */
  List<Integer> outputs(List<String> wanted) {
    if (wanted.isEmpty()) {
      return allOutputs;
    }
    List<Integer> indices = new ArrayList<>(wanted.size());
    Set<String> seen = new HashSet<>();
    for (String name : wanted) {
      if (!seen.add(name)) {
        throw Problems.invalid("outputs", "output '" + shown(name) + "' is asked for twice");
      }
      indices.add(indexOfOutput(name));
    }
    return indices;
  }

  private int indexOfOutput(String name) {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).name().equals(name)) {
        return i;
      }
    }
    throw Problems.invalid(
        "outputs",
        "the model has no output '%s'; it gives %s".formatted(shown(name), names(outputs)));
  }

  private void check(TensorSpec spec, Tensor tensor) {
    if (spec.anyShape()) {
      return;
    }
    if (tensor.type() != spec.type()) {
      throw Problems.invalid(
          field(spec.name()),
          "input '%s' must be %s, got %s".formatted(spec.name(), spec.type(), tensor.type()));
    }
    long[] shape = tensor.shape();
    boolean fits = shape.length == spec.dims().size();
    for (int i = 0; fits && i < shape.length; i++) {
      boolean rows = i == 0 && maxRows > 0;
      fits = rows || fits(spec.dims().get(i), shape[i]);
    }
    if (!fits) {
      throw Problems.invalid(
          field(spec.name()),
          "input '%s' must have shape %s (-1: any size from 1), got %s"
              .formatted(spec.name(), spec.dims(), Arrays.toString(shape)));
    }
    if (tensor.type() == DType.BYTES) {
      checkText(spec, tensor);
    }
  }

  /** The engines' strings are UTF-8; other bytes would fail the whole run. */
  private static void checkText(TensorSpec spec, Tensor tensor) {
    OptionalInt invalid = BytesTensors.firstInvalidUtf8(tensor);
    if (invalid.isPresent()) {
      throw Problems.invalid(
          field(spec.name()),
          "element %d of input '%s' is not valid UTF-8".formatted(invalid.getAsInt(), spec.name()));
    }
  }

  /** Nothing is empty unless the model says so: engines differ in what they make of it. */
  private static boolean fits(long declared, long size) {
    return declared < 0 ? size > 0 : size == declared;
  }

  private void checkRows(List<Tensor> ordered) {
    long rows = -1;
    for (int i = 0; i < ordered.size(); i++) {
      String name = inputs.get(i).name();
      Tensor tensor = ordered.get(i);
      if (tensor.rank() == 0) {
        throw Problems.invalid(field(name), "input '" + name + "' lacks the batch dimension");
      }
      long own = tensor.dim(0);
      if (own == 0) {
        throw Problems.invalid(field(name), "input '" + name + "' has no rows; send at least one");
      }
      if (own > maxRows) {
        throw Problems.tooMuch(
            Limit.INFER_ROWS,
            field(name),
            "input '%s' has %d rows, the model takes at most %d in one request"
                .formatted(name, own, maxRows));
      }
      if (rows >= 0 && own != rows) {
        throw Problems.invalid(
            field(name),
            "input '%s' has %d rows where the inputs before it have %d".formatted(name, own, rows));
      }
      rows = own;
    }
  }

  /** Names that clients made up may be of any length. */
  private static String shown(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
  }

  private static String field(String name) {
    return "inputs[" + name + "]";
  }

  private static String names(List<TensorSpec> specs) {
    return specs.stream().map(spec -> "'" + spec.name() + "'").collect(Collectors.joining(", "));
  }
}
