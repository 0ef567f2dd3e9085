// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.server.core.CallContext;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.InferCall;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.transport.shared.Classification;
import dev.sluice.server.transport.shared.InputReader;
import dev.sluice.server.transport.shared.Refusals;
import dev.sluice.server.transport.shared.RequestParameters;
import dev.sluice.server.transport.shared.WantedOutputs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads infer requests, to be used on the thread that handles the call. */
final class InferRequests {
  private final Catalog catalog;
  private final CallTerms terms;
  private final int maxTensors;

  InferRequests(Catalog catalog, CallTerms terms, int maxTensors) {
    this.catalog = catalog;
    this.terms = terms;
    this.maxTensors = maxTensors;
  }

  /** A request that may go to the core, and how its answer is to be written. */
  record Prepared(InferCall call, InferResponses responses) {}

  /**
   * @throws dev.sluice.server.core.ProblemException when the request is refused
   */
  Prepared prepare(ModelInferRequest request, boolean stream) {
    CallTraces.current().named(request.getId());
    if (request.getModelName().isEmpty()) {
      throw Refusals.invalid("model_name", "must not be empty");
    }
    RequestParameters parameters = RequestParameters.of(request.getParametersMap());
    String variant =
        parameters.variant() == null ? CallHeaders.current().variant() : parameters.variant();
    CallContext context = terms.context(parameters);
    WantedOutputs wanted = WantedOutputs.of(request, maxTensors);
    ModelDescription classified = classified(request, wanted.topClasses());
    List<NamedTensor> inputs = InputReader.read(request, maxTensors);
    ModelRef model = new ModelRef(request.getModelName(), request.getModelVersion(), variant);
    return new Prepared(
        new InferCall(model, inputs, wanted.names(), context),
        new InferResponses(
            request.getId(),
            wanted.topClasses(),
            classified,
            stream,
            stream && parameters.finalFlagWanted()));
  }

  private @Nullable ModelDescription classified(
      ModelInferRequest request, Map<String, Integer> topClasses) {
    if (topClasses.isEmpty()) {
      return null;
    }
    ModelDescription model = catalog.describe(request.getModelName(), request.getModelVersion());
    for (TensorSpec output : model.outputs()) {
      if (topClasses.containsKey(output.name()) && !Classification.possible(output.type())) {
        throw Refusals.invalid(
            "outputs",
            "classification needs numbers, but "
                + Refusals.quote(output.name())
                + " is "
                + output.type());
      }
    }
    return model;
  }
}
