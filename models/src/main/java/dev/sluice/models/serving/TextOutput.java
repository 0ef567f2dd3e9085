// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.Pooler;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The output of a text model's graph that becomes the embedding, and how. Immutable.
 *
 * @param index among the graph's outputs
 */
record TextOutput(int index, String name, Pooler pooler) {
  private static final List<String> POOLED_NAMES = List.of("sentence_embedding", "pooler_output");
  private static final List<String> TOKEN_NAMES = List.of("last_hidden_state", "token_embeddings");

  static TextOutput choose(List<TensorSpec> outputs, Pooling pooling) throws EngineException {
    Pooler pooler = Pooler.of(pooling);
    List<TensorSpec> fit =
        outputs.stream()
            .filter(output -> Pooler.supports(output.type()))
            .filter(output -> output.anyShape() || output.dims().size() == pooler.rank())
            .toList();
    TensorSpec best =
        preferred(fit, pooling == Pooling.NONE ? POOLED_NAMES : TOKEN_NAMES)
            .orElseThrow(() -> nothingFits(outputs, pooling));
    return new TextOutput(outputs.indexOf(best), best.name(), pooler);
  }

  private static Optional<TensorSpec> preferred(List<TensorSpec> fit, List<String> names) {
    for (String name : names) {
      for (TensorSpec output : fit) {
        if (output.name().equals(name)) {
          return Optional.of(output);
        }
      }
    }
    return fit.stream().findFirst();
  }

  private static EngineException nothingFits(List<TensorSpec> outputs, Pooling pooling) {
    String needed =
        pooling == Pooling.NONE
            ? "a float output [batch, size], or a pooling"
            : "a float output [batch, tokens, size], or pooling none";
    return new EngineException(
        "an embedding model with pooling "
            + pooling.name().toLowerCase(Locale.ROOT)
            + " needs "
            + needed
            + "; this one gives "
            + TextInputs.names(outputs));
  }

  /** The pooled vectors of one run, after a check that the graph gave what it promised. */
  float[][] vectors(List<Tensor> outputs, int[] lengths, int width) throws EngineException {
    Tensor output = outputs.get(index);
    boolean right =
        Pooler.supports(output.type())
            && output.rank() == pooler.rank()
            && output.dim(0) == lengths.length
            && (output.rank() == 2 || output.dim(1) == width)
            && output.dim(output.rank() - 1) > 0
            && output.elements() * output.type().byteSize() == output.byteSize();
    if (!right) {
      throw new EngineException(
          "for "
              + lengths.length
              + " texts of up to "
              + width
              + " tokens the output "
              + name
              + " is "
              + output);
    }
    return pooler.pool(output, lengths);
  }
}
