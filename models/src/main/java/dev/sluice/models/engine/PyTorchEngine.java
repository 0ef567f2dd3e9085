// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.engine.DeviceSelection.Gpus;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.TensorSpec;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Loads TorchScript archives into DJL's PyTorch engine. Safe for any number of threads. */
final class PyTorchEngine {
  private final Supplier<CudaProbe> cuda;

  PyTorchEngine(Supplier<CudaProbe> cuda) {
    this.cuda = cuda;
  }

  Graph load(ModelSpec spec) throws EngineException {
    try {
      TorchTensors tensors = TorchTensors.of(TorchScriptArchive.read(spec.file()), spec.config());
      requireTypes(tensors);
      Engine engine = DjlSetup.pyTorch();
      OptionalInt card = device(spec.settings().device(), engine);
      return new PyTorchGraph(tensors, model(engine, spec, card), DeviceSelection.name(card));
    } catch (EngineException e) {
      throw new EngineException(spec.file() + " cannot be served: " + e.getMessage(), e);
    }
  }

  private static Model model(Engine engine, ModelSpec spec, OptionalInt card)
      throws EngineException {
    Device device = card.isPresent() ? Device.gpu(card.getAsInt()) : Device.cpu();
    Model model = Model.newInstance("torchscript", device, engine.getEngineName());
    try {
      // mapLocation: wherever the file was saved from, its weights go to this device.
      model.load(spec.file().toAbsolutePath(), null, Map.of("mapLocation", "true"));
      return model;
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new EngineException("PyTorch cannot load it: " + Failures.describe(e), e);
    }
  }

  /** PyTorch is only asked about CUDA where a card was found. */
  private OptionalInt device(DeviceChoice choice, Engine engine) throws EngineException {
    if (choice instanceof DeviceChoice.Cpu) {
      return OptionalInt.empty();
    }
    Gpus gpus =
        switch (cuda.get()) {
          case CudaProbe.Absent absent -> new Gpus.Unusable(absent.reason());
          case CudaProbe.Present present ->
              engine.hasCapability(StandardCapabilities.CUDA)
                  ? new Gpus.Usable(present.cards().size())
                  : new Gpus.Unusable("the PyTorch libraries are the CPU build");
        };
    return DeviceSelection.choose(choice, gpus);
  }

  private static void requireTypes(TorchTensors tensors) throws EngineException {
    for (TensorSpec input : tensors.inputs()) {
      if (TorchTypes.djl(input.type()).isEmpty()) {
        throw new EngineException(
            "input '%s' has the type %s, which PyTorch cannot be given"
                .formatted(input.name(), input.type()));
      }
    }
  }
}
