// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.engine.OnnxDevices.Tuning;
import dev.sluice.models.spec.CardPrecision;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DJL's engines. Each is loaded when its first model is, so that a server of ONNX models never
 * unpacks PyTorch. The identity needs none.
 *
 * <p>Safe for any number of threads.
 */
public final class DjlEngines implements Engines {
  private static final Logger log = LoggerFactory.getLogger(DjlEngines.class);

  private final CardEngine card;
  private final OnnxRuntimeEngine onnxRuntime;
  private final PyTorchEngine pyTorch;
  private final Tuning tuning;

  public DjlEngines() {
    this(CudaDevices::probe);
  }

  DjlEngines(Supplier<CudaProbe> cuda) {
    this(cuda, Tuning.SLUICE);
  }

  private DjlEngines(Supplier<CudaProbe> cuda, Tuning tuning) {
    this.tuning = tuning;
    Supplier<CudaProbe> once = new Once(cuda);
    this.card = new CardEngine(once);
    this.onnxRuntime = new OnnxRuntimeEngine(new OnnxDevices(once, tuning));
    this.pyTorch = new PyTorchEngine(once);
  }

  /** With ONNX Runtime's own defaults, to be compared with: a run takes all cores. */
  public static Engines asTheyCome() {
    return new DjlEngines(CudaDevices::probe, Tuning.AS_IT_COMES);
  }

  @Override
  public Graph load(ModelSpec spec) throws EngineException {
    return switch (spec.engine()) {
      case ONNX_RUNTIME -> loadOnnx(spec);
      case PYTORCH -> pyTorch.load(spec);
      case IDENTITY -> IdentityGraph.of(spec.config());
    };
  }

  /** Whether Sluice's own engine for cards may be tried with this model, here. */
  public boolean mayRunOnCard(ModelSpec spec) {
    return card.obstacle(spec).isEmpty();
  }

  /** Sluice's own engine where it can, ONNX Runtime on a card or the CPU where not. */
  private Graph loadOnnx(ModelSpec spec) throws EngineException {
    boolean cpuAsked = spec.settings().device().equals(DeviceChoice.CPU);
    boolean cardAsked = spec.cardPrecision() != CardPrecision.FP16;
    if (!cardAsked && (cpuAsked || tuning != Tuning.SLUICE || !card.concerns(spec))) {
      return onnxRuntime.load(spec);
    }
    String why = card.obstacle(spec).orElse("");
    if (why.isEmpty()) {
      try {
        Graph graph = card.load(spec);
        log.info(
            "model '{}' runs on SluiceCuda, {}, in {}",
            spec.name(),
            graph.device(),
            spec.cardPrecision().label());
        return graph;
      } catch (EngineException e) {
        why = String.valueOf(e.getMessage());
      }
    }
    if (cardAsked) {
      throw new EngineException(
          "%s runs on SluiceCuda alone: %s".formatted(spec.cardPrecision().label(), why));
    }
    Graph graph = loadInstead(spec, why);
    log.info(
        "model '{}' runs on OnnxRuntime, {}, not on SluiceCuda: {}",
        spec.name(),
        graph.device(),
        why);
    return graph;
  }

  private Graph loadInstead(ModelSpec spec, String why) throws EngineException {
    try {
      return onnxRuntime.load(spec);
    } catch (EngineException e) {
      throw new EngineException(e.getMessage() + "; nor by SluiceCuda: " + why, e);
    }
  }

  /**
   * Whether ONNX Runtime would run this model on the CPU of this machine; false also where an
   * engine for cards may take it.
   */
  public boolean runsOnCpu(ModelSpec spec) {
    return spec.engine() == EngineKind.ONNX_RUNTIME
        && card.obstacle(spec).isPresent()
        && onnxRuntime.runsOnCpu(spec.settings().device());
  }

  /** Keeps the first answer: a look at the cards is slow. Guarded by its own lock. */
  private static final class Once implements Supplier<CudaProbe> {
    private final Supplier<CudaProbe> source;
    private @Nullable CudaProbe answer;

    Once(Supplier<CudaProbe> source) {
      this.source = source;
    }

    @Override
    public synchronized CudaProbe get() {
      CudaProbe known = answer;
      if (known == null) {
        known = source.get();
        answer = known;
      }
      return known;
    }
  }
}
