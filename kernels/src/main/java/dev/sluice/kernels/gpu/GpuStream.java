// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.launch.Launch;
import java.util.List;
import java.util.function.Supplier;
import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Work for the card, done in the order given; calls return before it is done. Streams run beside
 * each other. For one thread at a time.
 *
 * <p>Where a launch fails while it runs, the driver says so to a later call: what the stream was
 * given since it was last done is in the message.
 */
public final class GpuStream extends Owned {
  /** Not ordered with the default stream, which other libraries in this process may use. */
  private static final int NON_BLOCKING = 1;

  private final DriverCalls calls;
  private final Ledger ledger;
  private final KernelModule kernels;
  private final DeviceMemory memory;
  private final String name;
  private final CUstream stream = new CUstream();
  private final Trail trail = new Trail();

  GpuStream(
      DriverCalls calls, Ledger ledger, KernelModule kernels, DeviceMemory memory, String name) {
    super(ledger);
    this.calls = calls;
    this.ledger = ledger;
    this.kernels = kernels;
    this.memory = memory;
    this.name = name;
    calls.run("creating " + this, () -> JCudaDriver.cuStreamCreate(stream, NON_BLOCKING));
    register();
  }

  /** Copies {@code count} bytes of {@code from}, which must stay as they are until it is done. */
  public void upload(PinnedBuffer from, int offset, int count, long address) {
    var source = from.pointer(offset, count);
    memory.requireTaken(address, count);
    add(
        () -> "upload of %d bytes from %s".formatted(count, from),
        () -> JCudaDriver.cuMemcpyHtoDAsync(Address.of(address), source, count, stream));
  }

  /** Copies {@code count} bytes into {@code to}, where they are once it is done. */
  public void download(long address, PinnedBuffer to, int offset, int count) {
    var target = to.pointer(offset, count);
    memory.requireTaken(address, count);
    add(
        () -> "download of %d bytes to %s".formatted(count, to),
        () -> JCudaDriver.cuMemcpyDtoHAsync(target, Address.of(address), count, stream));
  }

  /** Copies {@code count} bytes inside of the card; the two places do not overlap. */
  public void copy(long from, long to, long count) {
    memory.requireTaken(from, count);
    memory.requireTaken(to, count);
    add(
        () -> "copy of %d bytes".formatted(count),
        () -> JCudaDriver.cuMemcpyDtoDAsync(Address.of(to), Address.of(from), count, stream));
  }

  public PreparedLaunch prepare(Launch launch) {
    return new PreparedLaunch(kernels.function(launch), launch);
  }

  public void launch(Launch launch) {
    launch(prepare(launch));
  }

  public void launch(PreparedLaunch launch) {
    add(launch::toString, () -> launch.on(stream));
  }

  public void launch(GpuGraph graph) {
    add(graph::toString, () -> graph.on(stream));
  }

  /** Sets the mark behind what was given so far. */
  public void record(GpuEvent event) {
    var mark = event.handle();
    run(() -> "setting " + event, () -> JCudaDriver.cuEventRecord(mark, stream));
    event.setBehind(this, trail);
  }

  /** What is given from here on starts when all before the mark is done. */
  public void after(GpuEvent event) {
    var mark = event.handle();
    run(() -> "ordering after " + event, () -> JCudaDriver.cuStreamWaitEvent(stream, mark, 0));
  }

  /** Until all is done. */
  public void await() {
    run(() -> "waiting", () -> JCudaDriver.cuStreamSynchronize(stream));
    trail.clear();
  }

  /** Tells the card these launches, in this order, without running them. */
  public GpuGraph capture(String graphName, List<Launch> launches) {
    // Kernels are found before: nothing else may be asked of the driver while it listens.
    List<PreparedLaunch> prepared = launches.stream().map(this::prepare).toList();
    run(() -> "beginning graph " + graphName, this::beginCapture);
    CUgraph captured = new CUgraph();
    boolean ended = false;
    try {
      for (PreparedLaunch launch : prepared) {
        run(() -> "capturing " + launch, () -> launch.on(stream));
      }
      ended = true;
      run(
          () -> "ending graph " + graphName,
          () -> JCudaDriver.cuStreamEndCapture(stream, captured));
      return new GpuGraph(calls, ledger, graphName, captured);
    } finally {
      if (!ended) {
        // The failure is on its way already, and may have spoilt the capture.
        JCudaDriver.cuStreamEndCapture(stream, captured);
      }
      if (!captured.equals(new CUgraph())) {
        calls.release(
            "destroying the plan of graph " + graphName,
            () -> JCudaDriver.cuGraphDestroy(captured));
      }
    }
  }

  private int beginCapture() {
    return JCudaDriver.cuStreamBeginCapture(
        stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
  }

  private void add(Supplier<String> work, DriverCalls.Call call) {
    run(work, call);
    trail.add(work);
  }

  private void run(Supplier<String> what, DriverCalls.Call call) {
    requireOpen();
    calls.run(() -> this + ": " + what.get(), () -> " after " + trail, call);
  }

  @Override
  void release() {
    calls.release("destroying " + this, () -> JCudaDriver.cuStreamDestroy(stream));
  }

  @Override
  public String toString() {
    return "stream " + name;
  }
}
