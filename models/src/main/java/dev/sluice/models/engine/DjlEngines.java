// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.engine.OnnxDevices.Tuning;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSpec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * DJL's engines. Each is loaded when its first model is, so that a server of ONNX models never
 * unpacks PyTorch. The identity needs none.
 *
 * <p>Safe for any number of threads.
 */
public final class DjlEngines implements Engines {
  private final OnnxRuntimeEngine onnxRuntime;
  private final PyTorchEngine pyTorch;

  public DjlEngines() {
    this(CudaDevices::probe);
  }

  DjlEngines(Supplier<CudaProbe> cuda) {
    this(cuda, Tuning.SLUICE);
  }

  private DjlEngines(Supplier<CudaProbe> cuda, Tuning tuning) {
    Supplier<CudaProbe> once = new Once(cuda);
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
      case ONNX_RUNTIME -> onnxRuntime.load(spec);
      case PYTORCH -> pyTorch.load(spec);
      case IDENTITY -> IdentityGraph.of(spec.config());
    };
  }

  /** Whether ONNX Runtime would run this model on the CPU of this machine. */
  public boolean runsOnCpu(ModelSpec spec) {
    return spec.engine() == EngineKind.ONNX_RUNTIME
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
