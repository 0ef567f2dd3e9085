// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Failure;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** One admitted infer call, answered on the lane that finished it. */
final class InferRun implements Completion<List<Tensor>> {
  private final List<Integer> outputs;
  private final Deployment.Tensors deployment;
  private final Exchange<InferAnswer> exchange;
  private final Problems problems;

  InferRun(
      List<Integer> outputs,
      Deployment.Tensors deployment,
      Exchange<InferAnswer> exchange,
      Problems problems) {
    this.outputs = outputs;
    this.deployment = deployment;
    this.exchange = exchange;
    this.problems = problems;
  }

  @Override
  public void succeeded(List<List<Tensor>> results, CallTiming timing) {
    exchange.trace().ran(timing);
    try {
      answer(results.get(0), timing);
    } catch (Throwable unforeseen) {
      exchange.failed(problems.unforeseen(unforeseen));
    }
  }

  private void answer(List<Tensor> tensors, CallTiming timing) {
    long splitStart = exchange.elapsedNanos();
    List<TensorSpec> specs = deployment.model().outputs();
    List<NamedTensor> wanted = new ArrayList<>(outputs.size());
    for (int index : outputs) {
      wanted.add(new NamedTensor(specs.get(index).name(), tensors.get(index)));
    }
    long total = exchange.elapsedNanos();
    Timings timings =
        new Timings(
            exchange.decodeNanos(),
            0,
            timing.queueNanos(),
            timing.computeNanos(),
            total,
            timing.batchRows());
    exchange.ok(
        new InferAnswer(
            deployment.name(), deployment.version(), deployment.variant(), wanted, timings),
        timings,
        total - splitStart);
  }

  @Override
  public void failed(Failure failure, CallTiming timing) {
    exchange.trace().ran(timing);
    exchange.failed(problems.ofFailure(failure, deployment));
  }
}
