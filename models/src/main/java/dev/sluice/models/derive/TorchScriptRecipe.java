// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.torchscript.TorchScriptQuantizer;
import dev.sluice.models.torchscript.TorchScriptReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * INT8 of TorchScript models, for the CPU alone: PyTorch has no such layers on GPUs. Activations
 * have a scale for each token and no calibration.
 */
public final class TorchScriptRecipe implements Recipe {
  private static final String FILE = "model.pt";

  @Override
  public String version(ModelSpec model) {
    return "torchscript-1";
  }

  @Override
  public List<String> offered(ModelSpec model) {
    return model.engine() == EngineKind.PYTORCH
            && !(model.settings().device() instanceof DeviceChoice.Gpu)
        ? List.of(Order.INT8)
        : List.of();
  }

  @Override
  public Made make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    QuantScheme scheme = order.scheme().orElse(QuantScheme.PER_TOKEN);
    if (scheme != QuantScheme.PER_TOKEN) {
      throw new EngineException(
          "TorchScript models become INT8 with the scheme %s alone, not %s"
              .formatted(QuantScheme.PER_TOKEN.label(), scheme.label()));
    }
    TorchScriptReport report =
        TorchScriptQuantizer.quantize(order.model().file(), folder.resolve(FILE), progress::at);
    return new Made(FILE, false, scheme.label(), notes(report));
  }

  private static List<String> notes(TorchScriptReport report) {
    List<String> notes = new ArrayList<>();
    notes.add(report.quantized().size() + " linear layers are INT8");
    for (TorchScriptReport.Kept kept : report.kept()) {
      notes.add(kept.layer() + " stays FP32: " + kept.reason());
    }
    return notes;
  }
}
