// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.engine.DeviceSelection.Gpus;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads encoders into Sluice's own engine for cards, which DJL finds by its name. Safe for any
 * number of threads.
 */
final class CardEngine {
  /** A batch beyond this keeps a card busy for long enough, whatever the model. */
  private static final int USUAL_TOKENS = 16_384;

  private static final int USUAL_ROWS = 1_024;

  /** One computes while the other copies. */
  private static final int LANES = 2;

  private final Supplier<CudaProbe> cuda;

  CardEngine(Supplier<CudaProbe> cuda) {
    this.cuda = cuda;
  }

  /**
   * Whether the model is of a kind that this engine could have; a model that is served over its
   * tensors has what its file says, so it must be one that labels texts. Where there is no card, it
   * is not looked at.
   */
  boolean concerns(ModelSpec spec) {
    if (spec.text() != null) {
      return true;
    }
    return spec.engine() == EngineKind.ONNX_RUNTIME
        && cuda.get() instanceof CudaProbe.Present
        && LabelsFile.is(spec.file());
  }

  /**
   * Why the model is none for this engine, as far as can be told without a look into its file;
   * empty where the engine may be tried.
   */
  Optional<String> obstacle(ModelSpec spec) {
    if (spec.engine() != EngineKind.ONNX_RUNTIME || !concerns(spec)) {
      return Optional.of("it is no ONNX model of texts");
    }
    try {
      return card(spec).isPresent() ? Optional.empty() : Optional.of("it is to run on the CPU");
    } catch (EngineException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private OptionalInt card(ModelSpec spec) throws EngineException {
    DeviceChoice choice = spec.settings().device();
    if (choice instanceof DeviceChoice.Cpu) {
      return OptionalInt.empty();
    }
    return switch (cuda.get()) {
      case CudaProbe.Absent absent -> throw new EngineException(absent.reason());
      case CudaProbe.Present present ->
          DeviceSelection.choose(choice, new Gpus.Usable(present.cards().size()));
    };
  }

  /**
   * Only where there is no {@link #obstacle}.
   *
   * @throws EngineException saying why this engine cannot serve it
   */
  Graph load(ModelSpec spec) throws EngineException {
    TextSpec text = spec.text();
    Engine engine = DjlSetup.sluiceCuda();
    OptionalInt card = card(spec);
    int tokens = tokens(spec.settings(), text);
    int rows = Math.min(tokens, Math.max(USUAL_ROWS, spec.settings().maxBatchRows().orElse(1)));
    int lanes = spec.lanes(LANES);
    Map<String, String> options =
        Map.of(
            "precision", spec.cardPrecision().label(),
            "pooling", pooling(text).name().toLowerCase(Locale.ROOT),
            "output", output(text),
            "maxTokens", Integer.toString(tokens),
            "maxSequences", Integer.toString(rows),
            "lanes", Integer.toString(lanes),
            "cardMemory", spec.settings().cardMemory().text());
    Model model =
        Model.newInstance("encoder", Device.gpu(card.orElseThrow()), engine.getEngineName());
    try {
      model.load(spec.file().toAbsolutePath(), null, options);
      Packed packed = new Packed(spec.cardPrecision().label(), tokens, rows, lanes);
      return new CardGraph(model, DeviceSelection.name(card), packed);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new EngineException(Failures.describe(e), e);
    }
  }

  /** The longest text among them; batches of tensors are cut to what there is room for. */
  private static int tokens(ModelSettings settings, @Nullable TextSpec text) {
    return text == null
        ? USUAL_TOKENS
        : Math.max(
            Math.clamp(settings.maxBatchTokens().orElse(USUAL_TOKENS), 1, 1 << 20),
            text.maxTokens());
  }

  private static Pooling pooling(@Nullable TextSpec text) {
    return text == null ? Pooling.NONE : text.pooling();
  }

  /** What would be served of the same file elsewhere; empty: vectors of tokens. */
  private static String output(@Nullable TextSpec text) {
    return text == null ? "logits" : text.pooling() == Pooling.NONE ? "sentence_embedding" : "";
  }
}
