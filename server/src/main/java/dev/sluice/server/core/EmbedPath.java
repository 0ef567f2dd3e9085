// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import dev.sluice.server.telemetry.Limit;

/**
 * The way of an embed call up to the queue: validate, route, admit. {@link EmbedRun} goes on from
 * there.
 */
final class EmbedPath {
  private static final Ticket ANSWERED = () -> {};

  private final Router router;
  private final EncodePool encodePool;
  private final Deadlines deadlines;
  private final Problems problems;
  private final NanoClock clock;
  private final int maxInputs;

  EmbedPath(
      Router router,
      EncodePool encodePool,
      Deadlines deadlines,
      Problems problems,
      NanoClock clock,
      int maxInputs) {
    this.router = router;
    this.encodePool = encodePool;
    this.deadlines = deadlines;
    this.problems = problems;
    this.clock = clock;
    this.maxInputs = maxInputs;
  }

  Ticket embed(EmbedCall call, Reply<EmbedAnswer> reply) {
    Exchange<EmbedAnswer> exchange = null;
    RequestTrace trace = call.context().trace();
    trace.asked(call.model(), call.context().tenant(), call.inputs());
    try {
      checkInputs(call);
      Deployment deployment = router.route(call.model(), true);
      exchange = new Exchange<>(deployment, reply, clock, call.context());
      if (!(deployment instanceof Deployment.Embedding embedding)) {
        throw new ProblemException(
            new Problem.WrongTask("model '" + deployment.name() + "' does not embed texts"));
      }
      checkDimensions(call, embedding);
      long deadline = deadlines.effective(call.context(), embedding);
      EmbedRun run = new EmbedRun(call, embedding, exchange, deadline, deadlines, problems);
      exchange.validated();
      encodePool.submit(call.inputs().size(), run);
      return exchange;
    } catch (Throwable refused) {
      if (exchange == null) {
        reply.failed(problems.refused(refused));
      } else {
        exchange.failed(problems.unforeseen(refused));
      }
      return ANSWERED;
    }
  }

  private void checkInputs(EmbedCall call) {
    int count = call.inputs().size();
    if (count == 0) {
      throw Problems.invalid("inputs", "inputs is empty; send at least one");
    }
    if (count > maxInputs) {
      throw Problems.tooMuch(
          Limit.EMBED_INPUTS,
          "inputs",
          "%d inputs, a call takes at most %d".formatted(count, maxInputs));
    }
    for (int i = 0; i < count; i++) {
      boolean empty =
          switch (call.inputs().get(i)) {
            case EmbedInput.Text text -> text.text().isEmpty();
            case EmbedInput.Tokens tokens -> tokens.ids().length == 0;
          };
      if (empty) {
        throw Problems.invalid("inputs[" + i + "]", "inputs[" + i + "] is empty");
      }
    }
  }

  private static void checkDimensions(EmbedCall call, Deployment.Embedding deployment) {
    int full = deployment.model().dimensions();
    if (call.dimensions() < 0 || call.dimensions() > full) {
      throw Problems.invalid(
          "dimensions",
          "dimensions must be between 1 and %d (or 0 for all), got %d"
              .formatted(full, call.dimensions()));
    }
  }
}
