// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Call;
import dev.sluice.batching.Item;
import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import dev.sluice.models.tensor.Tensor;
import java.util.List;

/**
 * The way of an infer call up to the queue: route, validate, admit. {@link InferRun} goes on from
 * there; calls to embedding models go the way of {@link TextInfer}.
 */
final class InferPath {
  private static final Ticket ANSWERED = () -> {};

  private final Router router;
  private final TextInfer textInfer;
  private final Deadlines deadlines;
  private final Problems problems;
  private final NanoClock clock;

  InferPath(
      Router router, TextInfer textInfer, Deadlines deadlines, Problems problems, NanoClock clock) {
    this.router = router;
    this.textInfer = textInfer;
    this.deadlines = deadlines;
    this.problems = problems;
    this.clock = clock;
  }

  Ticket infer(InferCall call, Reply<InferAnswer> reply) {
    RequestTrace trace = call.context().trace();
    trace.asked(call.model(), call.context().tenant(), List.of());
    Deployment deployment;
    try {
      deployment = router.route(call.model(), false);
    } catch (Throwable refused) {
      reply.failed(problems.refused(refused));
      return ANSWERED;
    }
    if (deployment instanceof Deployment.Tensors tensors) {
      return submit(call, tensors, new Exchange<>(tensors, reply, clock, call.context()));
    }
    // It takes a lease of its own, on whatever serves by then.
    deployment.lease().release();
    return textInfer.infer(call, reply);
  }

  private Ticket submit(
      InferCall call, Deployment.Tensors deployment, Exchange<InferAnswer> exchange) {
    try {
      queue(call, deployment, exchange);
      return exchange;
    } catch (Throwable refused) {
      exchange.failed(problems.unforeseen(refused));
      return ANSWERED;
    }
  }

  private void queue(
      InferCall call, Deployment.Tensors deployment, Exchange<InferAnswer> exchange) {
    List<Tensor> inputs = deployment.validator().inputs(call.inputs());
    List<Integer> outputs = deployment.validator().outputs(call.outputs());
    int rows = deployment.spec().batches() ? Math.toIntExact(inputs.get(0).dim(0)) : 1;
    Item<List<Tensor>> item =
        new Item<>(inputs, rows, 1, bytes(inputs), shapeKey(inputs, deployment));
    Call<List<Tensor>> queued =
        deployment.policies().call(List.of(item), call.context(), deployment, deadlines);
    exchange.validated();
    exchange.trace().queued(rows, 0, 0);
    exchange.queued(
        deployment.batcher().submit(queued, new InferRun(outputs, deployment, exchange, problems)));
  }

  private static long bytes(List<Tensor> inputs) {
    long bytes = 0;
    for (Tensor input : inputs) {
      bytes += input.byteSize();
    }
    return bytes;
  }

  /** Equal to no other key where the configuration asks for no dynamic batching. */
  private static Object shapeKey(List<Tensor> inputs, Deployment.Tensors deployment) {
    return deployment.spec().config().hasDynamicBatching()
        ? ShapeKey.of(inputs, deployment.spec().batches() ? 1 : 0)
        : new Object();
  }
}
