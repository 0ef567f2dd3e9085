// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.fidelity.FidelityMeter;
import dev.sluice.models.fidelity.FidelityText;
import dev.sluice.models.repository.ModelParts;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Makes one variant in this process, loads it beside its model, and measures it. */
final class Making {
  /** The share of the work that is done once the file is there. */
  private static final double MADE = 0.6;

  /** The model itself, faster, is right or it is not: a few inputs tell. */
  private static final int FEW = 24;

  private final Recipe recipe;
  private final FidelityMeter meter;

  Making(Recipe recipe, FidelityMeter meter) {
    this.recipe = recipe;
    this.meter = meter;
  }

  /** Leaves the variant's file, {@code fidelity.json} and {@code report.txt} in the folder. */
  void make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    Recipe.Made made = recipe.make(order, folder, (step, share) -> progress.at(step, MADE * share));
    Path file = folder.resolve(made.file());
    try {
      double sizeRatio = (double) Files.size(file) / bytes(order.model());
      Measured measured =
          measure(order, Variants.spec(order.model(), file, made.pooled()), sizeRatio, progress);
      Receipt receipt =
          new Receipt(
              // After all that was read of the model: what changed meanwhile is in it.
              VariantKey.of(order, recipe),
              order.variant(),
              made.file(),
              Files.size(file),
              Digests.of(file),
              made.pooled(),
              made.scheme(),
              made.notes(),
              measured.inputs(),
              measured.fidelity(),
              order.budget());
      Files.write(folder.resolve(Receipt.FILE), receipt.json());
      Files.write(folder.resolve("report.txt"), report(order, receipt), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new EngineException("its files cannot be written: " + e, e);
    }
  }

  private record Measured(Fidelity fidelity, int inputs) {}

  private Measured measure(
      Order order, ModelSpec variant, double sizeRatio, VariantMaker.Progress progress)
      throws EngineException {
    progress.at("loading", MADE);
    DjlModelLoader loader = new DjlModelLoader();
    try (LoadedModel own = loader.load(onOneCore(order.model()));
        LoadedModel derived = loader.load(onOneCore(variant))) {
      if (own instanceof TextEmbedder a && derived instanceof TextEmbedder b) {
        List<String> texts = few(order, Inputs.textsToJudge());
        return new Measured(
            meter.ofTexts(a, b, texts, sizeRatio, share -> measuring(progress, share)),
            texts.size());
      }
      if (own instanceof TensorModel a && derived instanceof TensorModel b) {
        List<List<Tensor>> inputs =
            few(order, Inputs.tensorsToJudge(order.calibration(), a.inputs()));
        return new Measured(
            meter.ofTensors(a, b, inputs, sizeRatio, share -> measuring(progress, share)),
            inputs.size());
      }
    }
    throw new AssertionError("a variant is of its model's kind");
  }

  private static void measuring(VariantMaker.Progress progress, double share) {
    progress.at("measuring", MADE + (1 - MADE) * share);
  }

  private static <T> List<T> few(Order order, List<T> inputs) {
    return order.variant().equals(Order.FP32)
        ? inputs.subList(0, Math.min(FEW, inputs.size()))
        : inputs;
  }

  /** Variants are made for the CPU, and compared there. */
  private static ModelSpec onOneCore(ModelSpec spec) {
    return spec.withSettings(spec.settings().on(new DeviceChoice.Cpu(), OptionalInt.of(1)));
  }

  private static long bytes(ModelSpec model) throws IOException, EngineException {
    long bytes = 0;
    for (Path part : ModelParts.of(model)) {
      bytes += Files.size(part);
    }
    return bytes;
  }

  private static List<String> report(Order order, Receipt receipt) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of %s, %s, measured on %d inputs"
            .formatted(
                receipt.variant(), order.model().name(), receipt.scheme(), receipt.inputs()));
    lines.addAll(FidelityText.table(receipt.fidelity(), receipt.budget()));
    lines.addAll(receipt.notes());
    return lines;
  }
}
