// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.proto.inference.CudaSharedMemoryRegisterRequest;
import dev.sluice.proto.inference.CudaSharedMemoryRegisterResponse;
import dev.sluice.proto.inference.CudaSharedMemoryStatusRequest;
import dev.sluice.proto.inference.CudaSharedMemoryStatusResponse;
import dev.sluice.proto.inference.CudaSharedMemoryUnregisterRequest;
import dev.sluice.proto.inference.CudaSharedMemoryUnregisterResponse;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.LogSettingsRequest;
import dev.sluice.proto.inference.LogSettingsResponse;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelConfigResponse;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelMetadataResponse;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.ModelReadyResponse;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.ModelStatisticsResponse;
import dev.sluice.proto.inference.ModelStreamInferResponse;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.inference.RepositoryIndexResponse;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.inference.RepositoryModelLoadResponse;
import dev.sluice.proto.inference.RepositoryModelUnloadRequest;
import dev.sluice.proto.inference.RepositoryModelUnloadResponse;
import dev.sluice.proto.inference.ServerLiveRequest;
import dev.sluice.proto.inference.ServerLiveResponse;
import dev.sluice.proto.inference.ServerMetadataRequest;
import dev.sluice.proto.inference.ServerMetadataResponse;
import dev.sluice.proto.inference.ServerReadyRequest;
import dev.sluice.proto.inference.ServerReadyResponse;
import dev.sluice.proto.inference.SystemSharedMemoryRegisterRequest;
import dev.sluice.proto.inference.SystemSharedMemoryRegisterResponse;
import dev.sluice.proto.inference.SystemSharedMemoryStatusRequest;
import dev.sluice.proto.inference.SystemSharedMemoryStatusResponse;
import dev.sluice.proto.inference.SystemSharedMemoryUnregisterRequest;
import dev.sluice.proto.inference.SystemSharedMemoryUnregisterResponse;
import dev.sluice.proto.inference.TraceSettingRequest;
import dev.sluice.proto.inference.TraceSettingResponse;
import dev.sluice.server.transport.shared.LogRpc;
import dev.sluice.server.transport.shared.MetadataRpcs;
import dev.sluice.server.transport.shared.Refusals;
import dev.sluice.server.transport.shared.SharedMemory;
import dev.sluice.server.transport.shared.StatisticsRpc;
import dev.sluice.server.transport.shared.TraceRpc;
import io.grpc.stub.StreamObserver;
import java.util.function.BooleanSupplier;

/**
 * {@code inference.GRPCInferenceService}: sends each rpc to the class that knows it. A refusal may
 * be thrown; {@link GuardInterceptor} answers it.
 *
 * <p>Of the shared memory rpcs, listing and dropping regions are answered, as there are none and
 * perf_analyzer drops all of them before it starts; registering one is refused.
 */
final class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  /** One class per group of rpcs. */
  record Parts(
      BooleanSupplier live,
      BooleanSupplier ready,
      MetadataRpcs metadata,
      InferRpcs infer,
      StatisticsRpc statistics,
      RepositoryRpcs repository,
      TraceRpc trace,
      LogRpc logs) {}

  private final Parts parts;

  InferenceService(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
    answer(observer, ServerLiveResponse.newBuilder().setLive(parts.live().getAsBoolean()).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
    answer(
        observer, ServerReadyResponse.newBuilder().setReady(parts.ready().getAsBoolean()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
    answer(observer, parts.metadata().ready(request));
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
    answer(observer, parts.metadata().server());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
    answer(observer, parts.metadata().model(request));
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    parts.infer().infer(request, observer);
  }

  @Override
  public StreamObserver<ModelInferRequest> modelStreamInfer(
      StreamObserver<ModelStreamInferResponse> observer) {
    return parts.infer().stream(observer);
  }

  @Override
  public void modelConfig(
      ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
    answer(observer, parts.metadata().config(request));
  }

  @Override
  public void modelStatistics(
      ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
    answer(observer, parts.statistics().statistics(request));
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
    answer(observer, parts.repository().index(request));
  }

  @Override
  public void repositoryModelLoad(
      RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
    parts.repository().load(request, observer);
  }

  @Override
  public void repositoryModelUnload(
      RepositoryModelUnloadRequest request,
      StreamObserver<RepositoryModelUnloadResponse> observer) {
    parts.repository().unload(request, observer);
  }

  @Override
  public void systemSharedMemoryStatus(
      SystemSharedMemoryStatusRequest request,
      StreamObserver<SystemSharedMemoryStatusResponse> observer) {
    answer(observer, SystemSharedMemoryStatusResponse.getDefaultInstance());
  }

  @Override
  public void systemSharedMemoryRegister(
      SystemSharedMemoryRegisterRequest request,
      StreamObserver<SystemSharedMemoryRegisterResponse> observer) {
    throw Refusals.unsupported(SharedMemory.REASON);
  }

  @Override
  public void systemSharedMemoryUnregister(
      SystemSharedMemoryUnregisterRequest request,
      StreamObserver<SystemSharedMemoryUnregisterResponse> observer) {
    answer(observer, SystemSharedMemoryUnregisterResponse.getDefaultInstance());
  }

  @Override
  public void cudaSharedMemoryStatus(
      CudaSharedMemoryStatusRequest request,
      StreamObserver<CudaSharedMemoryStatusResponse> observer) {
    answer(observer, CudaSharedMemoryStatusResponse.getDefaultInstance());
  }

  @Override
  public void cudaSharedMemoryRegister(
      CudaSharedMemoryRegisterRequest request,
      StreamObserver<CudaSharedMemoryRegisterResponse> observer) {
    throw Refusals.unsupported(SharedMemory.REASON);
  }

  @Override
  public void cudaSharedMemoryUnregister(
      CudaSharedMemoryUnregisterRequest request,
      StreamObserver<CudaSharedMemoryUnregisterResponse> observer) {
    answer(observer, CudaSharedMemoryUnregisterResponse.getDefaultInstance());
  }

  @Override
  public void traceSetting(
      TraceSettingRequest request, StreamObserver<TraceSettingResponse> observer) {
    answer(observer, parts.trace().settings(request));
  }

  @Override
  public void logSettings(
      LogSettingsRequest request, StreamObserver<LogSettingsResponse> observer) {
    answer(observer, parts.logs().settings(request));
  }

  private static <M> void answer(StreamObserver<M> observer, M message) {
    observer.onNext(message);
    observer.onCompleted();
  }
}
