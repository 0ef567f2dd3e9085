// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrayAdapter;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers in host memory that the garbage collector takes back. */
final class CudaNDArray extends NDArrayAdapter {
  private ByteBuffer data;

  CudaNDArray(CudaNDManager manager, ByteBuffer data, Shape shape, DataType type) {
    super(manager, null, shape, type, NDManager.nextUid());
    this.data = data;
    manager.attachInternal(uid, this);
  }

  @Override
  public ByteBuffer toByteBuffer(boolean tryDirect) {
    return data.duplicate().order(ByteOrder.nativeOrder());
  }

  @Override
  public void intern(NDArray replaced) {
    if (!(replaced instanceof CudaNDArray other)) {
      throw new IllegalArgumentException("not an array of " + CudaEngine.NAME);
    }
    data = other.data;
    shape = other.shape;
    dataType = other.dataType;
    replaced.close();
  }

  @Override
  public void detach() {
    manager.detachInternal(getUid());
    manager = CudaNDManager.root();
  }
}
