// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbedStreamResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Error;
import dev.sluice.proto.v1.Timings;
import dev.sluice.proto.v1.Usage;
import dev.sluice.server.core.EmbedAnswer;
import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.shared.Faults;
import io.grpc.stub.StreamObserver;

/** {@code sluice.v1.EmbeddingService}: a stream is answered in the order of completion. */
final class EmbeddingService extends EmbeddingServiceGrpc.EmbeddingServiceImplBase {
  private final Inference inference;
  private final EmbedRequests requests;
  private final Faults faults;
  private final StreamSession.Shared shared;

  EmbeddingService(Inference inference, EmbedRequests requests, StreamSession.Shared shared) {
    this.inference = inference;
    this.requests = requests;
    this.faults = shared.faults();
    this.shared = shared;
  }

  @Override
  public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
    EmbedCall call = requests.call(request);
    String id = request.getRequestId();
    UnaryReply<EmbedAnswer, EmbedResponse> reply =
        new UnaryReply<>(observer, answer -> response(answer, id), EmbedAnswer::variant, faults);
    reply.attach(inference.embed(call, reply));
  }

  @Override
  public StreamObserver<EmbedRequest> embedStream(StreamObserver<EmbedStreamResponse> observer) {
    return StreamSession.open(observer, new StreamHandler(), false, shared);
  }

  private static EmbedResponse response(EmbedAnswer answer, String requestId) {
    return EmbedResponse.newBuilder()
        .setModel(answer.model())
        .setVersion(answer.version())
        .setVariant(answer.variant())
        .setDimensions(answer.dimensions())
        .setCount(answer.count())
        .setVectors(UnsafeByteOperations.unsafeWrap(answer.vectors()))
        .setUsage(Usage.newBuilder().setTokens(answer.tokens()).setTruncated(answer.truncated()))
        .setTimings(timings(answer.timings()))
        .setRequestId(requestId)
        .build();
  }

  private static Timings timings(dev.sluice.server.core.Timings timings) {
    return Timings.newBuilder()
        .setDecodeNs(timings.decodeNanos())
        .setEncodeNs(timings.encodeNanos())
        .setQueueNs(timings.queueNanos())
        .setComputeNs(timings.computeNanos())
        .setTotalNs(timings.totalNanos())
        .setBatchRows(timings.batchRows())
        .build();
  }

  private static EmbedStreamResponse error(Problem problem, String requestId) {
    return EmbedStreamResponse.newBuilder()
        .setError(
            Error.newBuilder()
                .setCode(GrpcProblems.code(problem).value())
                .setMessage(GrpcProblems.message(problem))
                .setRetryAfterMs(GrpcProblems.retryAfterMillis(problem)))
        .setRequestId(requestId)
        .build();
  }

  private final class StreamHandler
      implements StreamSession.Handler<EmbedRequest, EmbedStreamResponse> {
    @Override
    public void start(EmbedRequest request, StreamSession.Slot<EmbedStreamResponse> slot) {
      EmbedCall call = requests.call(request);
      String id = request.getRequestId();
      slot.hold().attach(inference.embed(call, new StreamReply(id, slot)));
    }

    @Override
    public void failed(
        EmbedRequest request, Problem problem, StreamSession.Slot<EmbedStreamResponse> slot) {
      slot.answer(error(problem, request.getRequestId()));
    }
  }

  private final class StreamReply
      extends StreamSession.SlotReply<EmbedAnswer, EmbedStreamResponse> {
    private final String requestId;
    private final StreamSession.Slot<EmbedStreamResponse> slot;

    StreamReply(String requestId, StreamSession.Slot<EmbedStreamResponse> slot) {
      super(slot, faults);
      this.requestId = requestId;
      this.slot = slot;
    }

    @Override
    EmbedStreamResponse encode(EmbedAnswer answer) {
      return EmbedStreamResponse.newBuilder()
          .setResponse(response(answer, requestId))
          .setRequestId(requestId)
          .build();
    }

    @Override
    void refuse(Problem problem) {
      slot.answer(error(problem, requestId));
    }
  }
}
