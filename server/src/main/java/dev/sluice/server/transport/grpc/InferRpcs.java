// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelStreamInferResponse;
import dev.sluice.server.core.InferAnswer;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.shared.Faults;
import io.grpc.stub.StreamObserver;

/**
 * ModelInfer and ModelStreamInfer. A stream is answered in the order of its requests; a request
 * that fails is answered with an error message and leaves the stream open, unless the client asked
 * for Triton's {@code triton_grpc_error}.
 */
final class InferRpcs {
  private final Inference inference;
  private final InferRequests requests;
  private final Faults faults;
  private final StreamSession.Shared shared;

  InferRpcs(Inference inference, InferRequests requests, StreamSession.Shared shared) {
    this.inference = inference;
    this.requests = requests;
    this.faults = shared.faults();
    this.shared = shared;
  }

  void infer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    InferRequests.Prepared prepared = requests.prepare(request, false);
    UnaryReply<InferAnswer, ModelInferResponse> reply =
        new UnaryReply<>(observer, prepared.responses()::of, InferAnswer::variant, faults);
    reply.attach(inference.infer(prepared.call(), reply));
  }

  StreamObserver<ModelInferRequest> stream(StreamObserver<ModelStreamInferResponse> observer) {
    boolean errorsEndStream = CallHeaders.current().errorsEndStream();
    return StreamSession.open(observer, new StreamHandler(errorsEndStream), true, shared);
  }

  private final class StreamHandler
      implements StreamSession.Handler<ModelInferRequest, ModelStreamInferResponse> {
    private final boolean errorsEndStream;

    StreamHandler(boolean errorsEndStream) {
      this.errorsEndStream = errorsEndStream;
    }

    @Override
    public void start(
        ModelInferRequest request, StreamSession.Slot<ModelStreamInferResponse> slot) {
      InferRequests.Prepared prepared = requests.prepare(request, true);
      StreamReply reply = new StreamReply(prepared.responses(), slot);
      slot.hold().attach(inference.infer(prepared.call(), reply));
    }

    @Override
    public void failed(
        ModelInferRequest request,
        Problem problem,
        StreamSession.Slot<ModelStreamInferResponse> slot) {
      refuse(request.getId(), problem, slot);
    }

    private void refuse(
        String id, Problem problem, StreamSession.Slot<ModelStreamInferResponse> slot) {
      if (errorsEndStream) {
        slot.abort(problem);
        return;
      }
      slot.answer(
          ModelStreamInferResponse.newBuilder()
              .setErrorMessage(GrpcProblems.message(problem))
              .setInferResponse(ModelInferResponse.newBuilder().setId(id))
              .build());
    }

    private final class StreamReply
        extends StreamSession.SlotReply<InferAnswer, ModelStreamInferResponse> {
      private final InferResponses responses;
      private final StreamSession.Slot<ModelStreamInferResponse> slot;

      StreamReply(InferResponses responses, StreamSession.Slot<ModelStreamInferResponse> slot) {
        super(slot, faults);
        this.responses = responses;
        this.slot = slot;
      }

      @Override
      ModelStreamInferResponse encode(InferAnswer answer) {
        return ModelStreamInferResponse.newBuilder().setInferResponse(responses.of(answer)).build();
      }

      @Override
      void refuse(Problem problem) {
        StreamHandler.this.refuse(responses.id(), problem, slot);
      }
    }
  }
}
