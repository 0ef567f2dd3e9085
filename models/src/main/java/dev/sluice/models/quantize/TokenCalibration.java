// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.PaddedInput;
import dev.sluice.models.text.PaddedInput.Column;
import java.util.ArrayList;
import java.util.List;

/** Texts as token ids, one in each run. Immutable. */
record TokenCalibration(List<int[]> texts) implements Calibration {
  /** Never used: a text alone is not padded. */
  private static final int NO_PAD = 0;

  TokenCalibration {
    texts = List.copyOf(texts);
  }

  @Override
  public int size() {
    return texts.size();
  }

  @Override
  public List<Tensor> inputs(int run, List<TensorSpec> wanted) throws EngineException {
    int[][] batch = {texts.get(run)};
    List<Tensor> inputs = new ArrayList<>(wanted.size());
    for (TensorSpec input : wanted) {
      Column column =
          Column.ofInput(input.name())
              .orElseThrow(
                  () ->
                      new EngineException(
                          "the model has an input '%s', which cannot be made of token ids"
                              .formatted(input.name())));
      inputs.add(new PaddedInput(column, input.type(), NO_PAD).fill(batch, batch[0].length));
    }
    return inputs;
  }
}
