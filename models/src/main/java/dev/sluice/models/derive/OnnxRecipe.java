// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.quantize.Calibration;
import dev.sluice.models.quantize.LayerReport;
import dev.sluice.models.quantize.QuantizeRequest;
import dev.sluice.models.quantize.Quantized;
import dev.sluice.models.quantize.Quantizer;
import dev.sluice.models.rewrite.EncoderRewrite;
import dev.sluice.models.rewrite.EncoderRewrite.Rewritten;
import dev.sluice.models.rewrite.RewriteGoal;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.Tokenizer;
import dev.sluice.models.text.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ONNX models for the CPU: rewritten with their pooling inside, and for INT8 quantized after that.
 */
final class OnnxRecipe implements Recipe {
  /** Raised with each change of what the steps here are. */
  private static final String OWN_VERSION = "1";

  /** Raised with each change of what rewriting makes of a model. */
  private static final String REWRITING = "1";

  private static final String FILE = "model.onnx";
  private static final double REWRITTEN = 0.05;
  private static final int MOST_NOTES = 20;

  private final DjlEngines engines = new DjlEngines();

  @Override
  public String version(ModelSpec model) {
    return String.join(
        " ", "onnx", OWN_VERSION, REWRITING, Quantizer.VERSION, ShippedTexts.digest());
  }

  @Override
  public List<String> offered(ModelSpec model) {
    return engines.runsOnCpu(model) ? List.of(Order.INT8) : List.of();
  }

  @Override
  public Made make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    progress.at("rewriting", 0);
    Rewritten rewritten =
        EncoderRewrite.apply(
            OnnxModel.read(order.model().directory(), order.model().file()), goal(order.model()));
    List<String> notes = new ArrayList<>(rewritten.report().left());
    OnnxModel made = rewritten.model();
    String scheme = "rewritten";
    if (!order.variant().equals(Order.FP32)) {
      Quantized quantized = quantize(order, made, folder, progress);
      made = quantized.model();
      scheme = scheme(quantized);
      quantized.layers().stream()
          .filter(layer -> layer.scheme().isEmpty())
          .map(LayerReport::toString)
          .forEach(notes::add);
    }
    made.write(folder.resolve(FILE));
    return new Made(
        FILE, rewritten.pooled(), scheme, notes.subList(0, Math.min(MOST_NOTES, notes.size())));
  }

  /** Vectors leave the graph at their own length: a client may want them so, or cut first. */
  private static RewriteGoal goal(ModelSpec model) {
    RewriteGoal blocks = RewriteGoal.blocks(RewriteGoal.Device.CPU);
    TextSpec text = model.text();
    return text == null || text.pooling() == TextSpec.Pooling.NONE
        ? blocks
        : blocks.pooled(text.pooling(), false, 0);
  }

  private Quantized quantize(
      Order order, OnnxModel model, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    Path scratch = folder.resolve("scratch");
    try {
      Files.createDirectory(scratch);
      try {
        return new Quantizer(engines, scratch)
            .quantize(
                model,
                QuantizeRequest.of(order.scheme(), order.budget()),
                calibration(order),
                (step, share) -> progress.at(step, REWRITTEN + (1 - REWRITTEN) * share));
      } finally {
        Folders.delete(scratch);
      }
    } catch (IOException e) {
      throw new EngineException(scratch + " cannot be written: " + e, e);
    }
  }

  private Calibration calibration(Order order) throws EngineException {
    if (order.model().text() != null) {
      return Calibration.ofTokens(tokens(order.model().text(), order.calibration()));
    }
    try (Graph graph = engines.load(order.model())) {
      return Calibration.ofTensors(Inputs.tensorsToCalibrate(order.calibration(), graph.inputs()));
    }
  }

  /** As the server cuts them. */
  private static List<int[]> tokens(TextSpec text, Optional<Path> calibration)
      throws EngineException {
    List<int[]> rows = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(text)) {
      for (String line : Inputs.textsToCalibrate(calibration)) {
        int[] ids = tokenizer.tokenize(line, Truncation.END).ids();
        if (ids.length > 0) {
          rows.add(ids);
        }
      }
    } catch (TextTooLongException e) {
      throw new AssertionError("what is too long was to be cut", e);
    }
    return rows;
  }

  /** Such as {@code static}, or {@code static (34 layers), per-token (2), fp32 (1)}. */
  private static String scheme(Quantized quantized) {
    List<String> parts = new ArrayList<>();
    for (QuantScheme scheme : QuantScheme.values()) {
      if (quantized.count(scheme) > 0) {
        parts.add("%s (%d layers)".formatted(scheme.label(), quantized.count(scheme)));
      }
    }
    if (quantized.kept() > 0) {
      parts.add("fp32 (%d layers)".formatted(quantized.kept()));
    }
    return String.join(", ", parts);
  }
}
