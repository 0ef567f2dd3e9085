// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers that send embed requests one after the other until told to stop, and keep what went
 * wrong. Bounded: each stops after its share of calls whatever happens.
 */
final class Load implements AutoCloseable {
  private static final int MOST_CALLS = 20_000;

  private final ManagedChannel channel;
  private final EmbedRequest request;
  private final AtomicInteger answered = new AtomicInteger();
  private final ConcurrentLinkedQueue<Status> failures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch underWay;
  private final List<Thread> callers;
  private volatile boolean stopped;

  Load(int port, int callers, EmbedRequest request) {
    this.channel = TestServer.newChannel(port);
    this.request = request;
    this.underWay = new CountDownLatch(callers * 3);
    this.callers =
        java.util.stream.IntStream.range(0, callers)
            .mapToObj(i -> Thread.ofPlatform().name("caller-" + i).daemon(true).start(this::call))
            .toList();
  }

  private void call() {
    var stub = EmbeddingServiceGrpc.newBlockingStub(channel);
    for (int i = 0; i < MOST_CALLS && !stopped; i++) {
      try {
        EmbedResponse response = stub.withDeadlineAfter(60, TimeUnit.SECONDS).embed(request);
        if (response.getCount() != request.getInputsCount()) {
          failures.add(Status.DATA_LOSS);
        }
        answered.incrementAndGet();
        underWay.countDown();
      } catch (RuntimeException thrown) {
        failures.add(Status.fromThrowable(thrown));
        if (Status.fromThrowable(thrown).getCode() == Status.Code.UNAVAILABLE) {
          return;
        }
      }
    }
  }

  /** Every caller has had answers. */
  void awaitUnderWay() throws InterruptedException {
    if (!underWay.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no load after a minute; failures: " + failures);
    }
  }

  /** Lets the calls in flight end. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread caller : callers) {
      caller.join(TimeUnit.SECONDS.toMillis(60));
    }
  }

  int answered() {
    return answered.get();
  }

  List<Status> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopped = true;
    channel.shutdownNow();
  }
}
