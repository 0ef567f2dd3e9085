// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelConfigResponse;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelMetadataResponse;
import dev.sluice.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.ModelReadyResponse;
import dev.sluice.proto.inference.ServerMetadataResponse;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.core.VariantStatus;
import java.util.List;

/** What the server and its models are. */
public final class MetadataRpcs {
  /** Those of Triton's extensions that this server has, under the names that clients look for. */
  private static final List<String> EXTENSIONS =
      List.of(
          "binary_tensor_data",
          "statistics",
          "model_configuration",
          "model_repository",
          "schedule_policy",
          "parameters",
          "classification",
          "logging");

  private final Catalog catalog;
  private final ServerMetadataResponse server;

  public MetadataRpcs(Catalog catalog, String serverVersion) {
    this.catalog = catalog;
    this.server =
        ServerMetadataResponse.newBuilder()
            .setName("sluice")
            .setVersion(serverVersion)
            .addAllExtensions(EXTENSIONS)
            .build();
  }

  public ServerMetadataResponse server() {
    return server;
  }

  public ModelReadyResponse ready(ModelReadyRequest request) {
    requireName(request.getName());
    return ModelReadyResponse.newBuilder()
        .setReady(catalog.modelReady(request.getName(), request.getVersion()))
        .build();
  }

  public ModelMetadataResponse model(ModelMetadataRequest request) {
    requireName(request.getName());
    ModelDescription model = catalog.describe(request.getName(), request.getVersion());
    ModelMetadataResponse.Builder response =
        ModelMetadataResponse.newBuilder()
            .setName(model.name())
            .addAllVersions(model.versions())
            .setPlatform(model.platform());
    model.inputs().forEach(input -> response.addInputs(tensor(input)));
    model.outputs().forEach(output -> response.addOutputs(tensor(output)));
    for (VariantStatus variant : model.variants()) {
      response.putParameters(
          "variant." + variant.name(),
          InferParameter.newBuilder().setStringParam(variant.text()).build());
    }
    return response.build();
  }

  public ModelConfigResponse config(ModelConfigRequest request) {
    requireName(request.getName());
    ModelDescription model = catalog.describe(request.getName(), request.getVersion());
    return ModelConfigResponse.newBuilder().setConfig(model.config()).build();
  }

  private static void requireName(String name) {
    if (name.isEmpty()) {
      throw Refusals.invalid("name", "must not be empty");
    }
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    return TensorMetadata.newBuilder()
        .setName(spec.name())
        .setDatatype(spec.type().name())
        .addAllShape(spec.dims())
        .build();
  }
}
