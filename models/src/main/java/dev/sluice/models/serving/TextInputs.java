// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.PaddedInput;
import dev.sluice.models.text.PaddedInput.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a text model's graph wants to be fed, in the graph's order. Immutable. */
final class TextInputs {
  private record Wanted(Column column, DType type) {}

  private final List<Wanted> wanted;

  private TextInputs(List<Wanted> wanted) {
    this.wanted = List.copyOf(wanted);
  }

  static TextInputs of(List<TensorSpec> inputs) throws EngineException {
    List<Wanted> wanted = new ArrayList<>();
    for (TensorSpec input : inputs) {
      Column column =
          Column.ofInput(input.name()).orElseThrow(() -> unfit(inputs, input, "is none of these"));
      if (input.type() != DType.INT64 && input.type() != DType.INT32) {
        throw unfit(inputs, input, "is neither INT64 nor INT32");
      }
      if (!input.anyShape() && !free(input.dims())) {
        throw unfit(inputs, input, "has not the shape [-1, -1]");
      }
      wanted.add(new Wanted(column, input.type()));
    }
    TextInputs all = new TextInputs(wanted);
    if (!all.has(Column.INPUT_IDS)) {
      throw new EngineException(
          "a text model needs an input input_ids, this one has " + names(inputs));
    }
    return all;
  }

  private static boolean free(List<Long> dims) {
    return dims.size() == 2 && dims.stream().allMatch(size -> size < 0);
  }

  private static EngineException unfit(List<TensorSpec> all, TensorSpec input, String why) {
    return new EngineException(
        "the inputs of a text model are "
            + Arrays.stream(Column.values())
                .map(Column::inputName)
                .collect(Collectors.joining(", "))
            + ", integers of any batch size and length; this one has "
            + names(all)
            + ", of which "
            + input.name()
            + " "
            + why);
  }

  static String names(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> spec.name() + " " + spec.type() + spec.dims())
        .collect(Collectors.joining(", "));
  }

  /** Whether the graph can be told which tokens are padding. */
  boolean masked() {
    return has(Column.ATTENTION_MASK);
  }

  private boolean has(Column column) {
    return wanted.stream().anyMatch(input -> input.column() == column);
  }

  /** Fresh buffers for one lane. */
  List<PaddedInput> newBuffers(int padId) {
    return wanted.stream()
        .map(input -> new PaddedInput(input.column(), input.type(), padId))
        .toList();
  }
}
