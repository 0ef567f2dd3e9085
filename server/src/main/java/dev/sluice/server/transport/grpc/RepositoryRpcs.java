// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.proto.inference.ModelRepositoryParameter;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.inference.RepositoryIndexResponse;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.RepositoryModelLoadResponse;
import dev.sluice.proto.inference.RepositoryModelUnloadRequest;
import dev.sluice.proto.inference.RepositoryModelUnloadResponse;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.Refusals;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/**
 * The model repository. Load and unload understand two dialects of one message: Triton puts the
 * model into the second field, KServe into the first, which Triton means for a repository's name.
 */
final class RepositoryRpcs {
  private final Catalog catalog;
  private final Faults faults;

  RepositoryRpcs(Catalog catalog, Faults faults) {
    this.catalog = catalog;
    this.faults = faults;
  }

  RepositoryIndexResponse index(RepositoryIndexRequest request) {
    if (!request.getRepositoryName().isEmpty()) {
      throw oneRepository();
    }
    RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
    for (ModelStatus model : catalog.index()) {
      if (!request.getReady() || model.state() == ModelStatus.State.READY) {
        response.addModels(
            RepositoryIndexResponse.ModelIndex.newBuilder()
                .setName(model.name())
                .setVersion(model.version())
                .setState(model.state().name())
                .setReason(model.reason()));
      }
    }
    return response.build();
  }

  void load(
      RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
    String model = model(request.getRepositoryName(), request.getModelName());
    checkLoadParameters(request.getParametersMap());
    catalog.load(
        model,
        new UnaryReply<>(
            observer,
            loaded ->
                RepositoryModelLoadResponse.newBuilder()
                    .setModelName(model)
                    .setIsLoaded(true)
                    .build(),
            faults));
  }

  void unload(
      RepositoryModelUnloadRequest request,
      StreamObserver<RepositoryModelUnloadResponse> observer) {
    String model = model(request.getRepositoryName(), request.getModelName());
    checkUnloadParameters(request.getParametersMap());
    catalog.unload(
        model,
        new UnaryReply<>(
            observer,
            unloaded ->
                RepositoryModelUnloadResponse.newBuilder()
                    .setModelName(model)
                    .setIsUnloaded(true)
                    .build(),
            faults));
  }

  private static String model(String first, String second) {
    if (first.isEmpty() && second.isEmpty()) {
      throw Refusals.invalid("model_name", "must not be empty");
    }
    if (!first.isEmpty() && !second.isEmpty()) {
      throw oneRepository();
    }
    return second.isEmpty() ? first : second;
  }

  private static RuntimeException oneRepository() {
    return Refusals.unsupported(
        "repository_name: the server has one model repository, without a name; leave it empty");
  }

  private static void checkLoadParameters(Map<String, ModelRepositoryParameter> parameters) {
    for (String name : parameters.keySet()) {
      String field = "parameters[" + Refusals.quote(name) + "]";
      if (name.equals("config") || name.startsWith("file:")) {
        throw Refusals.unsupported(
            field
                + ": models are loaded as they are in the server's repository; put the files there"
                + " and load without this parameter");
      }
      throw Refusals.invalid(field, "is not a load parameter of this server");
    }
  }

  private static void checkUnloadParameters(Map<String, ModelRepositoryParameter> parameters) {
    parameters.forEach(
        (name, value) -> {
          String field = "parameters[" + Refusals.quote(name) + "]";
          if (!name.equals("unload_dependents")) {
            throw Refusals.invalid(field, "is not an unload parameter of this server");
          }
          if (!value.hasBoolParam()) {
            throw Refusals.invalid(field, "must be a bool_param");
          }
        });
  }
}
