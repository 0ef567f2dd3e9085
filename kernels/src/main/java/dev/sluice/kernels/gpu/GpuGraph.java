// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Launches that the card was told once and does with one call. Closing it does not stop what runs.
 */
public final class GpuGraph extends Owned {
  private final DriverCalls calls;
  private final String name;
  private final CUgraphExec graph = new CUgraphExec();

  GpuGraph(DriverCalls calls, Ledger ledger, String name, CUgraph captured) {
    super(ledger);
    this.calls = calls;
    this.name = name;
    calls.run("making " + this, () -> JCudaDriver.cuGraphInstantiate(graph, captured, 0));
    register();
  }

  int on(CUstream stream) {
    requireOpen();
    return JCudaDriver.cuGraphLaunch(graph, stream);
  }

  @Override
  void release() {
    calls.release("destroying " + this, () -> JCudaDriver.cuGraphExecDestroy(graph));
  }

  @Override
  public String toString() {
    return "graph " + name;
  }
}
