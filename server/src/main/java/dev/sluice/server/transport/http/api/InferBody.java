// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.shared.Refusals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of an infer request, and the binary data behind it, into the protocol's own
 * message, all of its tensors raw; what checks that message for gRPC checks it for HTTP too.
 */
final class InferBody {
  private static final String BINARY_DATA = "binary_data";
  private static final String BINARY_OUTPUT = "binary_data_output";

  private final ApiRequest http;
  private final int jsonLength;
  private final JsonReader json;
  private final int maxTensors;
  private final ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
  private final List<InputBody> inputs = new ArrayList<>();
  private final Map<String, Boolean> binaryOutputs = new HashMap<>();

  private InferBody(ApiRequest http, int jsonLength, int maxTensors) {
    this.http = http;
    this.jsonLength = jsonLength;
    this.json = JsonReader.of(http.body(), 0, jsonLength);
    this.maxTensors = maxTensors;
  }

  /**
   * @param binaryOutputs by output, where the request says so for one
   * @param binaryByDefault for the others
   */
  record Parsed(
      ModelInferRequest request, Map<String, Boolean> binaryOutputs, boolean binaryByDefault) {
    boolean binary(String output) {
      return binaryOutputs.getOrDefault(output, binaryByDefault);
    }
  }

  /**
   * @param jsonLength how much of the body is JSON; the rest is binary data
   */
  static Parsed read(ApiRequest http, int jsonLength, PathParts model, int maxTensors) {
    return new InferBody(http, jsonLength, maxTensors).parse(model);
  }

  private Parsed parse(PathParts model) {
    request.setModelName(model.name()).setModelVersion(model.version());
    json.object("body", this::field);
    json.end();
    attachData();
    InferParameter byDefault = request.getParametersMap().get(BINARY_OUTPUT);
    if (byDefault != null && !byDefault.hasBoolParam()) {
      throw Refusals.invalid("parameters[\"" + BINARY_OUTPUT + "\"]", "must be true or false");
    }
    return new Parsed(
        request.build(), binaryOutputs, byDefault != null && byDefault.getBoolParam());
  }

  private void field(String name) {
    switch (name) {
      case "id" -> request.setId(json.string("id"));
      case "parameters" -> Parameters.read(json, "parameters", request::putParameters);
      case "inputs" -> json.array("inputs", this::input);
      case "outputs" -> json.array("outputs", this::output);
      default -> json.skip();
    }
  }

  private void input() {
    if (inputs.size() == maxTensors) {
      throw Refusals.tooMuch(Limit.TENSORS, "inputs", "at most " + maxTensors + " are taken");
    }
    InputBody input = new InputBody(json, "inputs[" + inputs.size() + "]", jsonLength);
    json.object(input.where(), input::field);
    inputs.add(input);
  }

  private void output() {
    String where = "outputs[" + request.getOutputsCount() + "]";
    if (request.getOutputsCount() == maxTensors) {
      throw Refusals.tooMuch(Limit.TENSORS, "outputs", "at most " + maxTensors + " are taken");
    }
    InferRequestedOutputTensor.Builder output = InferRequestedOutputTensor.newBuilder();
    json.object(
        where,
        name -> {
          switch (name) {
            case "name" -> output.setName(json.string(where + ".name"));
            case "parameters" ->
                Parameters.read(json, where + ".parameters", output::putParameters);
            default -> json.skip();
          }
        });
    InferParameter binary = output.getParametersMap().get(BINARY_DATA);
    if (binary != null) {
      if (!binary.hasBoolParam()) {
        throw Refusals.invalid(where + ".parameters[\"binary_data\"]", "must be true or false");
      }
      binaryOutputs.put(output.getName(), binary.getBoolParam());
    }
    request.addOutputs(output);
  }

  private void attachData() {
    int at = jsonLength;
    int end = http.body().length;
    for (InputBody input : inputs) {
      request.addInputs(input.tensor());
      long binary = input.binarySize();
      if (binary < 0) {
        request.addRawInputContents(UnsafeByteOperations.unsafeWrap(input.data(http.body())));
        continue;
      }
      if (binary > end - at) {
        throw Refusals.invalid(
            input.where() + ".parameters[\"binary_data_size\"]",
            "is " + binary + ", but " + (end - at) + " bytes are left behind the JSON");
      }
      request.addRawInputContents(UnsafeByteOperations.unsafeWrap(http.bytes(at, (int) binary)));
      at += (int) binary;
    }
    if (at < end) {
      throw Refusals.invalid(
          "body", "has " + (end - at) + " bytes behind the binary data of its inputs");
    }
  }
}
