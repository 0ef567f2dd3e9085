// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.GradientCollector;
import dev.sluice.models.engine.SluiceCuda;
import org.jspecify.annotations.Nullable;

/**
 * DJL's {@code SluiceCuda}: runs encoders of the BERT family out of ONNX files on NVIDIA cards, and
 * nothing else. Arrays are in host memory.
 */
final class CudaEngine extends Engine {
  static final String NAME = SluiceCuda.NAME;

  /** Behind DJL's engines for any model: who wants this one says so. */
  static final int RANK = 100;

  @Override
  public @Nullable Engine getAlternativeEngine() {
    return null;
  }

  @Override
  public String getEngineName() {
    return NAME;
  }

  @Override
  public int getRank() {
    return RANK;
  }

  @Override
  public String getVersion() {
    return SluiceCuda.VERSION;
  }

  @Override
  public boolean hasCapability(String capability) {
    return StandardCapabilities.CUDA.equals(capability);
  }

  @Override
  public Device defaultDevice() {
    return Device.gpu(0);
  }

  @Override
  public SymbolBlock newSymbolBlock(NDManager manager) {
    throw new UnsupportedOperationException("blocks of " + NAME + " come with their model");
  }

  @Override
  public Model newModel(String name, @Nullable Device device) {
    return new CudaModel(name, device == null ? defaultDevice() : device);
  }

  @Override
  public NDManager newBaseManager() {
    return newBaseManager(null);
  }

  @Override
  public NDManager newBaseManager(@Nullable Device device) {
    return CudaNDManager.newManager(device == null ? defaultDevice() : device);
  }

  @Override
  public GradientCollector newGradientCollector() {
    throw new UnsupportedOperationException(NAME + " does not train");
  }
}
