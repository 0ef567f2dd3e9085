// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the calls that a drain waits for. Health watches and reflection streams stay open for as
 * long as their clients like, so that a drain that waited for them would always take all its grace.
 *
 * <p>Safe for use by many threads: one lock.
 */
final class OpenCalls implements ServerInterceptor {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int open;

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (call.getMethodDescriptor().getFullMethodName().startsWith("grpc.")) {
      return next.startCall(call, headers);
    }
    add(1);
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        add(-1);
        super.onComplete();
      }

      @Override
      public void onCancel() {
        add(-1);
        super.onCancel();
      }
    };
  }

  /** Waits until no call is open; false when the time was up first. */
  boolean awaitNone(Duration limit) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(limit);
    lock.lock();
    try {
      while (open > 0 && left > 0) {
        left = none.awaitNanos(left);
      }
      return open == 0;
    } finally {
      lock.unlock();
    }
  }

  private void add(int calls) {
    lock.lock();
    try {
      open += calls;
      if (open == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
