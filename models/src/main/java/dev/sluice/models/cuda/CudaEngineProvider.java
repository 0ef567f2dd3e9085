// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;

/** Found by DJL, which makes it by its name. */
public final class CudaEngineProvider implements EngineProvider {
  @Override
  public String getEngineName() {
    return CudaEngine.NAME;
  }

  @Override
  public int getEngineRank() {
    return CudaEngine.RANK;
  }

  /**
   * @throws EngineException where there is no card, saying why
   */
  @Override
  public Engine getEngine() {
    return Holder.engine();
  }

  /** Looks at the machine once, when it is asked for the first time. */
  private static final class Holder {
    private static final CudaProbe PROBE = CudaDevices.probe();
    private static final CudaEngine ENGINE = new CudaEngine();

    static Engine engine() {
      return switch (PROBE) {
        case CudaProbe.Absent absent ->
            throw new EngineException(CudaEngine.NAME + " is absent: " + absent.reason());
        case CudaProbe.Present present -> ENGINE;
      };
    }
  }
}
