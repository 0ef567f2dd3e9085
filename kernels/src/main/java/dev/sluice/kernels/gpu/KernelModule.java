// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.launch.Launch;
import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels on the card, by name. For any number of threads: its lock guards what was found. */
final class KernelModule extends Owned {
  private final DriverCalls calls;
  private final CUmodule module = new CUmodule();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Map<String, Integer> sharedBytes = new HashMap<>();

  KernelModule(DriverCalls calls, Ledger ledger, byte[] image) {
    super(ledger);
    this.calls = calls;
    calls.run(
        "loading the kernels, which want a driver of the 580 series or newer",
        () -> JCudaDriver.cuModuleLoadData(module, image));
    register();
  }

  /** Ready for this launch: the card is asked for as much shared memory as it needs. */
  synchronized CUfunction function(Launch launch) {
    String name = launch.kernel();
    CUfunction function = functions.get(name);
    if (function == null) {
      function = find(name);
      functions.put(name, function);
    }
    int wanted = launch.sharedBytes();
    if (wanted > sharedBytes.getOrDefault(name, Launch.UNASKED_SHARED_BYTES)) {
      askForSharedBytes(name, function, wanted);
      sharedBytes.put(name, wanted);
    }
    return function;
  }

  private CUfunction find(String name) {
    CUfunction function = new CUfunction();
    calls.run(
        () -> "looking for the kernel " + name,
        () -> JCudaDriver.cuModuleGetFunction(function, module, name));
    return function;
  }

  private void askForSharedBytes(String name, CUfunction function, int bytes) {
    int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
    calls.run(
        () -> "asking for %d bytes of shared memory for %s".formatted(bytes, name),
        () -> JCudaDriver.cuFuncSetAttribute(function, attribute, bytes));
  }

  @Override
  void release() {
    calls.release("unloading the kernels", () -> JCudaDriver.cuModuleUnload(module));
  }

  @Override
  public String toString() {
    return "the module of kernels";
  }
}
