// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/**
 * Measures a variant beside its model, both loaded. Inputs are run one at a time; then the variant
 * once more in fifty batches that are the same every time; then both for their speed. Holds two
 * vectors for each input. Safe for any number of threads, but what they measure of speed is then
 * worth little.
 */
public final class FidelityMeter {
  private final Speed speed;

  /**
   * @param nanoClock tells how long runs take
   */
  public FidelityMeter(LongSupplier nanoClock) {
    this.speed = new Speed(nanoClock);
  }

  /**
   * On texts, as clients see the vectors: normalised where the model asks for it.
   *
   * @param sizeRatio the variant's bytes beside the model's
   * @param progress is told the share that is done, which never falls
   */
  public Fidelity ofTexts(
      TextEmbedder model,
      TextEmbedder variant,
      List<String> texts,
      double sizeRatio,
      DoubleConsumer progress)
      throws EngineException {
    return ofTexts(model, model, variant, texts, sizeRatio, progress);
  }

  /**
   * The same of a variant that is to be as right as one model and faster than another, which may be
   * the same one elsewhere.
   *
   * @param model whose answers are right
   * @param rival who is to be beaten
   */
  public Fidelity ofTexts(
      TextEmbedder model,
      TextEmbedder rival,
      TextEmbedder variant,
      List<String> texts,
      double sizeRatio,
      DoubleConsumer progress)
      throws EngineException {
    return TextFidelity.measure(model, rival, variant, texts, speed, sizeRatio, progress);
  }

  /**
   * On tensors: each row of each output that holds fractions is one answer.
   *
   * @param inputs sets of what the model takes; the first axis should be of one row where it is
   *     free
   * @param sizeRatio the variant's bytes beside the model's
   * @param progress is told the share that is done, which never falls
   */
  public Fidelity ofTensors(
      TensorModel model,
      TensorModel variant,
      List<List<Tensor>> inputs,
      double sizeRatio,
      DoubleConsumer progress)
      throws EngineException {
    return TensorFidelity.measure(model, variant, inputs, speed, sizeRatio, progress);
  }
}
