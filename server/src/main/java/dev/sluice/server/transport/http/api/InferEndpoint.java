// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Ticket;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.InferCall;
import dev.sluice.server.core.Inference;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/models/.../infer}: tensors as JSON, as binary data behind it, or raw. */
final class InferEndpoint implements Endpoint {
  static final String HEADER_LENGTH = "inference-header-content-length";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Inference inference;
  private final Catalog catalog;
  private final Terms terms;
  private final int maxTensors;

  InferEndpoint(Inference inference, Catalog catalog, Terms terms, int maxTensors) {
    this.inference = inference;
    this.catalog = catalog;
    this.terms = terms;
    this.maxTensors = maxTensors;
  }

  @Override
  public Ticket handle(ApiRequest http, PathParts model, Responder responder) {
    InferBody.Parsed parsed = parse(http, model);
    ModelInferRequest request = parsed.request();
    RequestParameters parameters = RequestParameters.of(request.getParametersMap());
    String named = parameters.variant();
    WantedOutputs wanted = WantedOutputs.of(request, maxTensors);
    ModelDescription classified = classified(model, wanted.topClasses());
    List<NamedTensor> inputs = InputReader.read(request, maxTensors);
    InferCall call =
        new InferCall(
            new ModelRef(
                model.name(),
                model.version(),
                named == null ? http.header(ApiResponse.VARIANT) : named),
            inputs,
            wanted.names(),
            terms.context(http, parameters));
    InferOutput output = new InferOutput(request.getId(), parsed, wanted.topClasses(), classified);
    return inference.infer(call, responder.reply(output::numbers, output::of));
  }

  private InferBody.Parsed parse(ApiRequest http, PathParts model) {
    String header = String.join(",", http.headers().getAll(HEADER_LENGTH));
    int length = http.body().length;
    if (header.isEmpty()) {
      return InferBody.read(http, length, model, maxTensors);
    }
    int jsonLength = jsonLength(header, length);
    return jsonLength == 0
        ? RawBody.read(http, catalog.describe(model.name(), model.version()), model)
        : InferBody.read(http, jsonLength, model, maxTensors);
  }

  private static int jsonLength(String header, int most) {
    if (NUMBER.matcher(header).matches() && Long.parseLong(header) <= most) {
      return Integer.parseInt(header);
    }
    throw Refusals.invalid(
        "header Inference-Header-Content-Length",
        "must be the number of bytes of JSON, at most the %d of the body, not %s"
            .formatted(most, Refusals.quote(header)));
  }

  private @Nullable ModelDescription classified(PathParts path, Map<String, Integer> topClasses) {
    if (topClasses.isEmpty()) {
      return null;
    }
    ModelDescription model = catalog.describe(path.name(), path.version());
    for (TensorSpec output : model.outputs()) {
      if (topClasses.containsKey(output.name()) && !Classification.possible(output.type())) {
        throw Refusals.invalid(
            "outputs",
            "classification needs numbers, but %s is %s"
                .formatted(Refusals.quote(output.name()), output.type()));
      }
    }
    return model;
  }
}
