// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Ticket;
import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.text.Truncation;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * An embedding model as the Open Inference Protocol sees it: an input {@code text} of strings, [n]
 * or [n, 1], and an output {@code embedding}, [n, dimensions].
 */
final class TextInfer {
  static final String INPUT = "text";
  static final String OUTPUT = "embedding";

  private final EmbedPath embedPath;
  private final Problems problems;

  TextInfer(EmbedPath embedPath, Problems problems) {
    this.embedPath = embedPath;
    this.problems = problems;
  }

  Ticket infer(InferCall call, Reply<InferAnswer> reply) {
    List<EmbedInput> texts;
    try {
      texts = texts(call);
    } catch (Throwable refused) {
      reply.failed(problems.refused(refused));
      return () -> {};
    }
    EmbedCall embed = new EmbedCall(call.model(), texts, null, Truncation.END, 0, call.context());
    return embedPath.embed(embed, new AsTensor(reply));
  }

  private static List<EmbedInput> texts(InferCall call) {
    for (String output : call.outputs()) {
      if (!output.equals(OUTPUT)) {
        throw Problems.invalid(
            "outputs", "the model has no output '" + output + "'; it gives '" + OUTPUT + "'");
      }
    }
    if (call.inputs().size() != 1 || !call.inputs().get(0).name().equals(INPUT)) {
      throw Problems.invalid("inputs", "the model takes one input, '" + INPUT + "'");
    }
    Tensor tensor = call.inputs().get(0).tensor();
    boolean column = tensor.rank() == 1 || (tensor.rank() == 2 && tensor.dim(1) == 1);
    if (tensor.type() != DType.BYTES || !column) {
      throw Problems.invalid(
          "inputs[" + INPUT + "]",
          "input '%s' must be BYTES of shape [n] or [n, 1], got %s".formatted(INPUT, tensor));
    }
    try {
      List<EmbedInput> texts = new ArrayList<>();
      for (String text : BytesTensors.readStrings(tensor)) {
        texts.add(new EmbedInput.Text(text));
      }
      return texts;
    } catch (CharacterCodingException malformed) {
      throw Problems.invalid(
          "inputs[" + INPUT + "]",
          "element %d of input '%s' is not valid UTF-8"
              .formatted(BytesTensors.firstInvalidUtf8(tensor).orElse(0), INPUT));
    }
  }

  /** Turns an embed answer into the tensor that the protocol wants. */
  private record AsTensor(Reply<InferAnswer> reply) implements Reply<EmbedAnswer> {
    @Override
    public void ok(EmbedAnswer answer) {
      long[] shape = {answer.count(), answer.dimensions()};
      Tensor vectors = new Tensor(DType.FP32, shape, answer.vectors());
      reply.ok(
          new InferAnswer(
              answer.model(),
              answer.version(),
              answer.variant(),
              List.of(new NamedTensor(OUTPUT, vectors)),
              answer.timings()));
    }

    @Override
    public void failed(Problem problem) {
      reply.failed(problem);
    }
  }
}
