// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Makes arrays of numbers in host memory; what else DJL's arrays can do, these cannot. */
class CudaNDManager extends BaseNDManager {
  private CudaNDManager(@Nullable NDManager parent, Device device) {
    super(parent, device);
  }

  static CudaNDManager newManager(Device device) {
    return Root.MANAGER.newSubManager(device);
  }

  /** Where arrays go that are to outlive their manager. */
  static NDManager root() {
    return Root.MANAGER;
  }

  @Override
  public ByteBuffer allocateDirect(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  @Override
  public NDArray from(NDArray array) {
    if (array == null || array instanceof CudaNDArray) {
      return array;
    }
    NDArray copy = create(array.toByteBuffer(), array.getShape(), array.getDataType());
    copy.setName(array.getName());
    return copy;
  }

  @Override
  public NDArray create(Buffer data, Shape shape, DataType dataType) {
    int count = Math.toIntExact(shape.size());
    BaseNDManager.validateBuffer(data, dataType, count);
    ByteBuffer copy = allocateDirect(Math.multiplyExact(count, dataType.getNumOfBytes()));
    BaseNDManager.copyBuffer(data, copy);
    return new CudaNDArray(this, copy.rewind(), shape, dataType);
  }

  @Override
  public CudaNDManager newSubManager(Device other) {
    CudaNDManager manager = new CudaNDManager(this, other);
    attachInternal(manager.uid, manager);
    return manager;
  }

  @Override
  public Engine getEngine() {
    return Engine.getEngine(CudaEngine.NAME);
  }

  /** The parent of all; never closed. */
  private static final class Root extends CudaNDManager implements NDManager.SystemNDManager {
    private static final Root MANAGER = new Root();

    Root() {
      super(null, Device.gpu(0));
    }

    @Override
    public void close() {}
  }
}
