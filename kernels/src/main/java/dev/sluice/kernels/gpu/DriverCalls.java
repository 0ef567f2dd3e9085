// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The one way to the driver of an open card: binds its context to the thread, turns answers into
 * exceptions, and lets no call through once an error that lasts was seen. For any number of
 * threads.
 *
 * <p>Kernels and copies fail after the call that asked for them; the driver answers the error to
 * whoever calls next. So the failure is named after the call that heard of it, and the first one
 * that lasts is what all later ones are told.
 */
final class DriverCalls {
  /** Calls the driver once. */
  interface Call {
    /** A {@link CUresult}. */
    int answer();
  }

  private final CUcontext context;
  private final AtomicReference<@Nullable String> outOfService = new AtomicReference<>();
  private volatile boolean closed;

  DriverCalls(CUcontext context) {
    this.context = context;
  }

  /**
   * @param what is to be done, in words; asked for after a failure only
   * @param before what may be to blame where the card has failed for good; asked for then only
   */
  void run(Supplier<String> what, Supplier<String> before, Call call) {
    if (closed) {
      throw new IllegalStateException("the card has been closed");
    }
    String cause = outOfService.get();
    if (cause != null) {
      throw new GpuOutOfServiceException(cause);
    }
    int answer = bindAnd(call);
    if (answer == CUresult.CUDA_SUCCESS) {
      return;
    }
    CudaError error = new CudaError(answer);
    if (!error.lasts()) {
      throw new GpuCallFailedException(what.get(), error);
    }
    throw new GpuOutOfServiceException(fail(what.get() + before.get() + ": " + error));
  }

  void run(Supplier<String> what, Call call) {
    run(what, () -> "", call);
  }

  void run(String what, Call call) {
    run(() -> what, call);
  }

  /**
   * Gives something back: also on a card out of service, where the driver's answer says nothing.
   * Where the answer is that the card has failed, the next call hears of it.
   */
  void release(String what, Call call) {
    checkRelease(what, bindAnd(call));
  }

  /** The last of all: releases the context itself, and takes it off this thread. */
  void leave(Call call) {
    JCudaDriver.cuCtxSetCurrent(new CUcontext());
    checkRelease("releasing the card's context", call.answer());
  }

  /** Why no call can succeed any more. */
  Optional<String> outOfService() {
    return Optional.ofNullable(outOfService.get());
  }

  /** From here on nothing can be asked for; what there is can be released. */
  void close() {
    closed = true;
  }

  private int bindAnd(Call call) {
    int bound = JCudaDriver.cuCtxSetCurrent(context);
    return bound == CUresult.CUDA_SUCCESS ? call.answer() : bound;
  }

  private void checkRelease(String what, int answer) {
    if (answer == CUresult.CUDA_SUCCESS || outOfService.get() != null) {
      return;
    }
    CudaError error = new CudaError(answer);
    if (!error.lasts()) {
      throw new GpuCallFailedException(what, error);
    }
    fail(what + ": " + error);
  }

  /** Takes the card out of service; the cause is that of the first who did. */
  private String fail(String cause) {
    String first = outOfService.compareAndExchange(null, cause);
    return first == null ? cause : first;
  }
}
