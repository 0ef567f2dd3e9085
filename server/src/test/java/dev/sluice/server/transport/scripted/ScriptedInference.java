// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.scripted;

import dev.sluice.batching.Ticket;
import dev.sluice.server.core.EmbedAnswer;
import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.InferAnswer;
import dev.sluice.server.core.InferCall;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import dev.sluice.server.core.Timings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Answers by the name of the model: "echo" gives its inputs back, "hold" answers when the test says
 * so, "busy" refuses with {@link #problem}, "throws" breaks its contract, "broken" answers what
 * cannot be encoded, and everything else is not found.
 */
public final class ScriptedInference implements Inference {
  private static final Timings TIMINGS = new Timings(5, 1, 2, 3, 11, 4);

  /** A call to "hold"; the test answers it. */
  public record Held(@Nullable InferCall infer, @Nullable EmbedCall embed, Runnable release) {}

  public final BlockingQueue<InferCall> inferCalls = new LinkedBlockingQueue<>();
  public final BlockingQueue<EmbedCall> embedCalls = new LinkedBlockingQueue<>();
  public final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  public final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  public volatile Problem problem = new Problem.NotFound("unset");

  @Override
  public Ticket infer(InferCall call, Reply<InferAnswer> reply) {
    inferCalls.add(call);
    Runnable answer = () -> reply.ok(echo(call));
    return run(call.model().name(), reply, new Held(call, null, answer));
  }

  @Override
  public Ticket embed(EmbedCall call, Reply<EmbedAnswer> reply) {
    embedCalls.add(call);
    Runnable answer = () -> reply.ok(vectors(call));
    return run(call.model().name(), reply, new Held(null, call, answer));
  }

  private Ticket run(String model, Reply<?> reply, Held call) {
    switch (model) {
      case "echo" -> call.release().run();
      case "hold" -> {
        held.add(call);
        return () -> {
          cancelled.add(model);
          reply.failed(new Problem.Cancelled("taken back"));
        };
      }
      case "busy" -> reply.failed(problem);
      case "throws" -> throw new IllegalStateException("dev.sluice.Secret at /etc/passwd");
      case "broken" -> brokenAnswer(reply);
      default -> reply.failed(new Problem.NotFound("there is no such model"));
    }
    return () -> {};
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // what a defect in the core could do
  private static void brokenAnswer(Reply<?> reply) {
    ((Reply<Object>) reply).ok(null);
  }

  private static InferAnswer echo(InferCall call) {
    List<NamedTensor> outputs = new ArrayList<>();
    if (call.outputs().isEmpty()) {
      outputs.addAll(call.inputs());
    }
    for (String wanted : call.outputs()) {
      call.inputs().stream().filter(t -> t.name().equals(wanted)).forEach(outputs::add);
    }
    return new InferAnswer(call.model().name(), "2", "fp32", outputs, TIMINGS);
  }

  /** For each input its index and the number of its characters or ids. */
  private static EmbedAnswer vectors(EmbedCall call) {
    int count = call.inputs().size();
    ByteBuffer out = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int length =
          switch (call.inputs().get(i)) {
            case EmbedInput.Text t -> t.text().length();
            case EmbedInput.Tokens t -> t.ids().length;
          };
      out.putFloat(i).putFloat(length);
    }
    return new EmbedAnswer("echo", "2", "fp32", 2, count, out.flip(), 42, 1, TIMINGS);
  }
}
