// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.InferParameter.ParameterChoiceCase;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.sluice.server.telemetry.Limit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The outputs that a request asks for.
 *
 * @param names in order; empty for all
 * @param topClasses by output name, how many classes are wanted in place of the tensor
 */
public record WantedOutputs(List<String> names, Map<String, Integer> topClasses) {
  public static WantedOutputs of(ModelInferRequest request, int maxOutputs) {
    int count = request.getOutputsCount();
    if (count > maxOutputs) {
      throw Refusals.tooMuch(
          Limit.TENSORS, "outputs", "at most " + maxOutputs + " are taken, not " + count);
    }
    Set<String> names = new LinkedHashSet<>();
    Map<String, Integer> topClasses = new HashMap<>();
    for (int i = 0; i < count; i++) {
      InferRequestedOutputTensor output = request.getOutputs(i);
      String field = "outputs[" + i + "]";
      if (output.getName().isEmpty()) {
        throw Refusals.invalid(field + ".name", "must not be empty");
      }
      if (!names.add(output.getName())) {
        throw Refusals.invalid(
            field + ".name", Refusals.quote(output.getName()) + " is asked for more than once");
      }
      SharedMemory.refuse(field, output.getParametersMap().keySet());
      InferParameter classification = output.getParametersMap().get("classification");
      if (classification != null) {
        topClasses.put(output.getName(), classes(classification, field));
      }
    }
    return new WantedOutputs(List.copyOf(names), topClasses);
  }

  private static int classes(InferParameter value, String field) {
    if (value.getParameterChoiceCase() != ParameterChoiceCase.INT64_PARAM
        || value.getInt64Param() < 1) {
      throw Refusals.invalid(
          field + ".parameters[\"classification\"]",
          "must be an int64_param of 1 or more: how many classes to return");
    }
    return (int) Math.min(value.getInt64Param(), Integer.MAX_VALUE);
  }
}
