// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Item;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One admitted embed call: encoded on the encode pool ({@link #run}), queued item by item so that
 * the batcher knows true lengths, split and answered on the lane that finished it ({@link
 * #succeeded}). The steps follow each other, so its fields need no lock.
 */
final class EmbedRun implements Runnable, Completion<float[]> {
  private static final Object ONE_SHAPE = "tokens";

  private final EmbedCall call;
  private final Deployment.Embedding deployment;
  private final Exchange<EmbedAnswer> exchange;
  private final long deadlineNanos;
  private final Deadlines deadlines;
  private final Problems problems;

  private long encodeNanos;
  private long tokens;
  private int truncated;

  EmbedRun(
      EmbedCall call,
      Deployment.Embedding deployment,
      Exchange<EmbedAnswer> exchange,
      long deadlineNanos,
      Deadlines deadlines,
      Problems problems) {
    this.call = call;
    this.deployment = deployment;
    this.exchange = exchange;
    this.deadlineNanos = deadlineNanos;
    this.deadlines = deadlines;
    this.problems = problems;
  }

  @Override
  public void run() {
    try {
      List<Item<int[]>> items = encode();
      encodeNanos = exchange.elapsedNanos() - exchange.decodeNanos();
      CallContext context = call.context();
      exchange.trace().queued(items.size(), tokens, encodeNanos);
      exchange.queued(
          deployment
              .batcher()
              .submit(
                  new Call<>(items, deadlineNanos, context.criticality(), context.tenant()), this));
    } catch (Throwable refused) {
      exchange.failed(problems.unforeseen(refused));
    }
  }

  private List<Item<int[]>> encode() {
    List<Item<int[]>> items = new ArrayList<>(call.inputs().size());
    for (int i = 0; i < call.inputs().size(); i++) {
      if (exchange.isCancelled()) {
        throw new ProblemException(problems.ofFailure(new Failure.Cancelled(), deployment));
      }
      if (deadlines.passed(deadlineNanos)) {
        throw new ProblemException(problems.ofFailure(new Failure.Expired(), deployment));
      }
      TokenizedText encoded = encode(i);
      int length = encoded.ids().length;
      if (length == 0) {
        throw Problems.invalid(field(i), field(i) + " has nothing in it that the model knows");
      }
      tokens += length;
      truncated += encoded.truncated() ? 1 : 0;
      items.add(new Item<>(encoded.ids(), 1, length, (long) length * Integer.BYTES, ONE_SHAPE));
    }
    return items;
  }

  private TokenizedText encode(int index) {
    TextEmbedder model = deployment.model();
    try {
      return switch (call.inputs().get(index)) {
        case EmbedInput.Text text -> model.tokenize(text.text(), call.truncation());
        case EmbedInput.Tokens tokens -> accept(index, tokens.ids());
      };
    } catch (TextTooLongException tooLong) {
      String field = field(index);
      throw Problems.invalid(
          field, field + " has " + tooLong.getMessage() + "; shorten it or allow truncation");
    }
  }

  private TokenizedText accept(int index, int[] ids) throws TextTooLongException {
    try {
      return deployment.model().accept(ids, call.truncation());
    } catch (IllegalArgumentException bad) {
      throw Problems.invalid(field(index), field(index) + ": " + bad.getMessage());
    }
  }

  private static String field(int index) {
    return "inputs[" + index + "]";
  }

  @Override
  public void succeeded(List<float[]> results, CallTiming timing) {
    exchange.trace().ran(timing);
    try {
      long splitStart = exchange.elapsedNanos();
      EmbedAnswer answer = split(results, timing);
      exchange.ok(answer, answer.timings(), exchange.elapsedNanos() - splitStart);
    } catch (Throwable unforeseen) {
      exchange.failed(problems.unforeseen(unforeseen));
    }
  }

  private EmbedAnswer split(List<float[]> results, CallTiming timing) {
    int full = deployment.model().dimensions();
    int dimensions = call.dimensions() == 0 ? full : call.dimensions();
    boolean normalize =
        call.normalize() != null ? call.normalize() : normalizedByDefault(deployment);
    ByteBuffer packed =
        ByteBuffer.allocate(Math.multiplyExact(results.size(), dimensions * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : results) {
      Vectors.write(Vectors.shape(vector, dimensions, normalize), packed);
    }
    packed.flip();
    Timings timings =
        new Timings(
            exchange.decodeNanos(),
            encodeNanos,
            timing.queueNanos(),
            timing.computeNanos(),
            exchange.elapsedNanos(),
            timing.batchRows());
    return new EmbedAnswer(
        name(),
        deployment.version(),
        deployment.variant(),
        dimensions,
        results.size(),
        packed,
        tokens,
        truncated,
        timings);
  }

  private static boolean normalizedByDefault(Deployment.Embedding deployment) {
    var text = deployment.spec().text();
    return text != null && text.normalize();
  }

  @Override
  public void failed(Failure failure, CallTiming timing) {
    exchange.trace().ran(timing);
    exchange.failed(problems.ofFailure(failure, deployment));
  }

  private String name() {
    return deployment.name();
  }
}
