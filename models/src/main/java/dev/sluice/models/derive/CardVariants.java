// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.fidelity.FidelityMeter;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.CardPrecision;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import java.util.List;
import java.util.OptionalInt;

/**
 * INT8 for encoders that run on cards; what others make for everything else. No file is made: the
 * engine rounds the model's own weights while it loads them. Each making measures, in this process,
 * on the card that will serve: beside FP32 on the CPU how near it is, beside FP16 on the card how
 * fast. Both are loaded once more for that, and freed before the variant is.
 *
 * <p>Safe for any number of threads; making one blocks its caller.
 */
public final class CardVariants implements VariantMaker {
  /** Both run out of the same file. */
  private static final double SAME_SIZE = 1;

  private final VariantMaker others;
  private final FidelityMeter meter;
  private final List<String> texts;
  private final DjlEngines engines = new DjlEngines();

  /** Measures on the texts that come with the program and that no calibration sees. */
  public CardVariants(VariantMaker others, FidelityMeter meter) {
    this(others, meter, Inputs.textsToJudge());
  }

  /**
   * @param texts to measure on
   */
  public CardVariants(VariantMaker others, FidelityMeter meter, List<String> texts) {
    this.others = others;
    this.meter = meter;
    this.texts = List.copyOf(texts);
  }

  @Override
  public List<String> offered(ModelSpec model) {
    return mine(model) ? List.of(Order.INT8) : others.offered(model);
  }

  private boolean mine(ModelSpec model) {
    return model.task() == Task.EMBED && engines.mayRunOnCard(model);
  }

  @Override
  public ModelSpec optimized(ModelSpec model) {
    return others.optimized(model);
  }

  @Override
  public DerivedVariant make(ModelSpec model, String variant, Progress progress)
      throws EngineException, InterruptedException {
    if (!variant.equals(Order.INT8) || !mine(model)) {
      return others.make(model, variant, progress);
    }
    ModelSpec bytes = model.withCardPrecision(CardPrecision.INT8);
    try {
      return new DerivedVariant(variant, bytes, measured(model, bytes, progress));
    } catch (EngineException e) {
      // A run that finds its thread interrupted fails.
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      throw e;
    }
  }

  private Fidelity measured(ModelSpec model, ModelSpec bytes, Progress progress)
      throws EngineException {
    progress.at("loading", 0);
    DeviceChoice card = model.settings().device();
    try (TextEmbedder variant = load(bytes, card);
        TextEmbedder rival = load(model, card);
        TextEmbedder reference = load(model, DeviceChoice.CPU)) {
      if (rival.packed().isEmpty()) {
        throw new EngineException(
            "the card has no room for the model a second time, to measure beside it");
      }
      return meter.ofTexts(
          reference, rival, variant, texts, SAME_SIZE, share -> progress.at("measuring", share));
    }
  }

  private static TextEmbedder load(ModelSpec model, DeviceChoice device) throws EngineException {
    ModelSpec oneLane = model.withSettings(model.settings().on(device, OptionalInt.of(1)));
    return (TextEmbedder) new DjlModelLoader().load(oneLane);
  }
}
