// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** Inputs like those that a model will meet, to learn from which values it computes with. */
public interface Calibration {
  /** Nothing is known. */
  Calibration NONE = ofTensors(List.of());

  /** How many runs of the model there are. */
  int size();

  /**
   * What to feed in one run.
   *
   * @param run from 0 to below {@link #size}
   * @param wanted the inputs of the model
   * @return one tensor for each of them, valid until the next call
   * @throws EngineException when the model wants something that these are not
   */
  List<Tensor> inputs(int run, List<TensorSpec> wanted) throws EngineException;

  /** Texts as token ids, special tokens included; each is run alone, without padding. */
  static Calibration ofTokens(List<int[]> texts) {
    return new TokenCalibration(texts);
  }

  /** Tensors for each run, in the order of the model's inputs. */
  static Calibration ofTensors(List<List<Tensor>> runs) {
    return new TensorCalibration(runs);
  }
}
