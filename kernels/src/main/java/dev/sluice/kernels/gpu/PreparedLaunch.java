// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Launch.Argument;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A launch whose kernel was found and whose arguments lie where the driver reads them: launching it
 * again and again costs one call. Immutable.
 */
public final class PreparedLaunch {
  private final CUfunction function;
  private final Launch launch;
  private final Pointer parameters;

  PreparedLaunch(CUfunction function, Launch launch) {
    this.function = function;
    this.launch = launch;
    this.parameters = parameters(launch.arguments());
  }

  String kernel() {
    return launch.kernel();
  }

  int on(CUstream stream) {
    return JCudaDriver.cuLaunchKernel(
        function,
        launch.gridX(),
        launch.gridY(),
        1,
        launch.threads(),
        1,
        1,
        launch.sharedBytes(),
        stream,
        parameters,
        new Pointer());
  }

  /** A pointer to each argument; all lie in one piece of native memory. */
  private static Pointer parameters(List<Argument> arguments) {
    ByteBuffer block = ByteBuffer.allocateDirect(Math.max(1, arguments.size()) * Long.BYTES);
    Pointer[] pointers = new Pointer[arguments.size()];
    for (int i = 0; i < pointers.length; i++) {
      ByteBuffer place = block.slice(i * Long.BYTES, Long.BYTES).order(ByteOrder.nativeOrder());
      switch (arguments.get(i)) {
        case Argument.Address address -> place.putLong(0, address.value());
        case Argument.Int32 number -> place.putInt(0, number.value());
        case Argument.Float32 number -> place.putFloat(0, number.value());
      }
      pointers[i] = Pointer.to(place);
    }
    return Pointer.to(pointers);
  }

  @Override
  public String toString() {
    return "%s (%d x %d blocks of %d threads)"
        .formatted(launch.kernel(), launch.gridX(), launch.gridY(), launch.threads());
  }
}
