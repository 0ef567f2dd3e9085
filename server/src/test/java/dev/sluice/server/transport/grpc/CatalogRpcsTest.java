// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.CudaSharedMemoryRegisterRequest;
import dev.sluice.proto.inference.CudaSharedMemoryStatusRequest;
import dev.sluice.proto.inference.CudaSharedMemoryUnregisterRequest;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelMetadataResponse;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.ModelRepositoryParameter;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.inference.RepositoryIndexResponse.ModelIndex;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.RepositoryModelLoadResponse;
import dev.sluice.proto.inference.RepositoryModelUnloadRequest;
import dev.sluice.proto.inference.RepositoryModelUnloadResponse;
import dev.sluice.proto.inference.ServerLiveRequest;
import dev.sluice.proto.inference.ServerMetadataRequest;
import dev.sluice.proto.inference.ServerMetadataResponse;
import dev.sluice.proto.inference.ServerReadyRequest;
import dev.sluice.proto.inference.SystemSharedMemoryRegisterRequest;
import dev.sluice.proto.inference.SystemSharedMemoryStatusRequest;
import dev.sluice.proto.inference.SystemSharedMemoryUnregisterRequest;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metadata, statistics, the model repository and shared memory. */
final class CatalogRpcsTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void liveIsAlwaysTrueAndReadyIsTheCatalogs() {
    assertThat(server.stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(ready()).isTrue();
    server.catalog.setReady(false);
    assertThat(ready()).isFalse();
  }

  @Test
  void nothingIsReadyOnceADrainHasBegun() {
    server.server.beginDrain();
    assertThat(ready()).isFalse();
  }

  private boolean ready() {
    return server.stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady();
  }

  @Test
  void modelReadinessIsToldByNameAndVersion() {
    assertThat(modelReady("echo", "")).isTrue();
    assertThat(modelReady("echo", "2")).isTrue();
    assertThat(modelReady("echo", "1")).isFalse();
    assertThat(modelReady("cold", "")).isFalse();
    assertThat(modelReady("nobody", "")).isFalse();
    TestServer.error(Status.Code.INVALID_ARGUMENT, () -> modelReady("", ""));
  }

  private boolean modelReady(String name, String version) {
    return server
        .stub()
        .modelReady(ModelReadyRequest.newBuilder().setName(name).setVersion(version).build())
        .getReady();
  }

  @Test
  void serverMetadataListsTheExtensionsThatClientsLookFor() {
    ServerMetadataResponse metadata =
        server.stub().serverMetadata(ServerMetadataRequest.getDefaultInstance());

    assertThat(metadata.getName()).isEqualTo("sluice");
    assertThat(metadata.getVersion()).isEqualTo("0.1-test");
    assertThat(metadata.getExtensionsList())
        .containsExactly(
            "binary_tensor_data",
            "statistics",
            "model_configuration",
            "model_repository",
            "schedule_policy",
            "parameters",
            "classification",
            "logging");
  }

  @Test
  void modelMetadataAndConfigAgreeOnTheBatchDimension() {
    ModelMetadataResponse model =
        server.stub().modelMetadata(ModelMetadataRequest.newBuilder().setName("echo").build());

    assertThat(model.getName()).isEqualTo("echo");
    assertThat(model.getVersionsList()).containsExactly("2");
    assertThat(model.getPlatform()).isEqualTo("test");
    assertThat(model.getInputs(0).getName()).isEqualTo("x");
    assertThat(model.getInputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L, 3L);
    assertThat(model.getOutputsCount()).isEqualTo(2);
    assertThat(
            server
                .stub()
                .modelConfig(ModelConfigRequest.newBuilder().setName("echo").build())
                .getConfig()
                .getMaxBatchSize())
        .isEqualTo(8);
  }

  @Test
  void unknownAndColdModelsHaveNoMetadata() {
    TestServer.error(Status.Code.NOT_FOUND, () -> metadata("nobody", ""));
    TestServer.error(Status.Code.NOT_FOUND, () -> metadata("echo", "9"));
    TestServer.error(Status.Code.UNAVAILABLE, () -> metadata("cold", ""));
    TestServer.error(Status.Code.INVALID_ARGUMENT, () -> metadata("", ""));
    TestServer.error(
        Status.Code.INVALID_ARGUMENT,
        () -> server.stub().modelConfig(ModelConfigRequest.getDefaultInstance()));
    TestServer.error(
        Status.Code.NOT_FOUND,
        () -> server.stub().modelConfig(ModelConfigRequest.newBuilder().setName("nobody").build()));
  }

  private ModelMetadataResponse metadata(String name, String version) {
    return server
        .stub()
        .modelMetadata(ModelMetadataRequest.newBuilder().setName(name).setVersion(version).build());
  }

  @Test
  void statisticsCarryEveryPart() {
    ModelStatistics model =
        server
            .stub()
            .modelStatistics(ModelStatisticsRequest.newBuilder().setName("echo").build())
            .getModelStats(0);

    assertThat(model.getName()).isEqualTo("echo");
    assertThat(model.getVersion()).isEqualTo("2");
    assertThat(model.getLastInference()).isEqualTo(77);
    assertThat(model.getInferenceCount()).isEqualTo(64);
    assertThat(model.getExecutionCount()).isEqualTo(8);
    assertThat(model.getInferenceStats().getSuccess().getCount()).isEqualTo(1);
    assertThat(model.getInferenceStats().getFail().getNs()).isEqualTo(200);
    assertThat(model.getInferenceStats().getQueue().getNs()).isEqualTo(300);
    assertThat(model.getInferenceStats().getComputeInput().getNs()).isEqualTo(400);
    assertThat(model.getInferenceStats().getComputeInfer().getNs()).isEqualTo(500);
    assertThat(model.getInferenceStats().getComputeOutput().getNs()).isEqualTo(600);
    assertThat(model.getInferenceStats().hasCacheHit()).isTrue();
    assertThat(model.getInferenceStats().hasCacheMiss()).isTrue();
    assertThat(model.getBatchStats(0).getBatchSize()).isEqualTo(8);
    assertThat(model.getBatchStats(0).getComputeInfer().getNs()).isEqualTo(700);
  }

  @Test
  void statisticsWithoutANameAreOfEveryModel() {
    assertThat(
            server
                .stub()
                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStatsCount())
        .isEqualTo(6);
    TestServer.error(
        Status.Code.NOT_FOUND,
        () ->
            server
                .stub()
                .modelStatistics(ModelStatisticsRequest.newBuilder().setName("nobody").build()));
    TestServer.error(
        Status.Code.INVALID_ARGUMENT,
        () ->
            server
                .stub()
                .modelStatistics(ModelStatisticsRequest.newBuilder().setVersion("2").build()));
  }

  @Test
  void theIndexListsAllModelsOrTheReadyOnes() {
    var all = server.stub().repositoryIndex(RepositoryIndexRequest.getDefaultInstance());
    var ready =
        server.stub().repositoryIndex(RepositoryIndexRequest.newBuilder().setReady(true).build());

    assertThat(all.getModelsList())
        .contains(
            ModelIndex.newBuilder()
                .setName("cold")
                .setVersion("1")
                .setState("LOADING")
                .setReason("warming up")
                .build());
    assertThat(ready.getModelsList())
        .hasSize(all.getModelsCount() - 1)
        .allMatch(model -> model.getState().equals("READY"));
    TestServer.error(
        Status.Code.UNIMPLEMENTED,
        () ->
            server
                .stub()
                .repositoryIndex(
                    RepositoryIndexRequest.newBuilder().setRepositoryName("r").build()));
  }

  @Test
  void loadIsUnderstoodInTritonsAndInKServesDialect() {
    RepositoryModelLoadResponse triton = load("", "echo");
    RepositoryModelLoadResponse kserve = load("echo", "");

    assertThat(triton.getModelName()).isEqualTo("echo");
    assertThat(triton.getIsLoaded()).isTrue();
    assertThat(kserve).isEqualTo(triton);
    assertThat(server.catalog.log()).containsExactly("load echo", "load echo");
  }

  @Test
  void unloadIsUnderstoodInBothDialectsToo() {
    RepositoryModelUnloadResponse triton =
        server
            .stub()
            .repositoryModelUnload(
                RepositoryModelUnloadRequest.newBuilder()
                    .setModelName("echo")
                    .putParameters(
                        "unload_dependents",
                        ModelRepositoryParameter.newBuilder().setBoolParam(true).build())
                    .build());
    RepositoryModelUnloadResponse kserve =
        server
            .stub()
            .repositoryModelUnload(
                RepositoryModelUnloadRequest.newBuilder().setRepositoryName("echo").build());

    assertThat(triton.getModelName()).isEqualTo("echo");
    assertThat(triton.getIsUnloaded()).isTrue();
    assertThat(kserve).isEqualTo(triton);
    assertThat(server.catalog.log()).containsExactly("unload echo", "unload echo");
  }

  @Test
  void badLoadsAreRefused() {
    TestServer.error(Status.Code.NOT_FOUND, () -> load("", "nobody"));
    TestServer.error(Status.Code.INVALID_ARGUMENT, () -> load("", ""));
    TestServer.error(Status.Code.UNIMPLEMENTED, () -> load("repo", "echo"));
    loadRefused(Status.Code.UNIMPLEMENTED, "config");
    loadRefused(Status.Code.UNIMPLEMENTED, "file:1/model.onnx");
    loadRefused(Status.Code.INVALID_ARGUMENT, "surprise");
    TestServer.error(
        Status.Code.INVALID_ARGUMENT,
        () ->
            server
                .stub()
                .repositoryModelUnload(
                    RepositoryModelUnloadRequest.newBuilder()
                        .setModelName("echo")
                        .putParameters(
                            "unload_dependents",
                            ModelRepositoryParameter.newBuilder().setInt64Param(1).build())
                        .build()));
    assertThat(server.catalog.log()).containsExactly("load nobody");
  }

  private RepositoryModelLoadResponse load(String first, String second) {
    return server
        .stub()
        .repositoryModelLoad(
            RepositoryModelLoadRequest.newBuilder()
                .setRepositoryName(first)
                .setModelName(second)
                .build());
  }

  private void loadRefused(Status.Code code, String parameter) {
    RepositoryModelLoadRequest request =
        RepositoryModelLoadRequest.newBuilder()
            .setModelName("echo")
            .putParameters(
                parameter,
                ModelRepositoryParameter.newBuilder()
                    .setBytesParam(ByteString.copyFromUtf8("x"))
                    .build())
            .build();
    assertThat(TestServer.error(code, () -> server.stub().repositoryModelLoad(request)))
        .hasMessageContaining("parameters");
  }

  @Test
  void sharedMemoryIsEmptyAndStaysSo() {
    var stub = server.stub();
    assertThat(
            stub.systemSharedMemoryStatus(SystemSharedMemoryStatusRequest.getDefaultInstance())
                .getRegionsMap())
        .isEmpty();
    assertThat(
            stub.cudaSharedMemoryStatus(CudaSharedMemoryStatusRequest.getDefaultInstance())
                .getRegionsMap())
        .isEmpty();
    assertThat(
            stub.systemSharedMemoryUnregister(
                SystemSharedMemoryUnregisterRequest.getDefaultInstance()))
        .isNotNull();
    assertThat(
            stub.cudaSharedMemoryUnregister(CudaSharedMemoryUnregisterRequest.getDefaultInstance()))
        .isNotNull();
    TestServer.error(
        Status.Code.UNIMPLEMENTED,
        () ->
            stub.systemSharedMemoryRegister(
                SystemSharedMemoryRegisterRequest.newBuilder().setName("r").build()));
    TestServer.error(
        Status.Code.UNIMPLEMENTED,
        () ->
            stub.cudaSharedMemoryRegister(
                CudaSharedMemoryRegisterRequest.newBuilder().setName("r").build()));
  }
}
