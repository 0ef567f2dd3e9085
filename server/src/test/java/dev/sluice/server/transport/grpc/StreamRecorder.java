// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Keeps what a stream answers, and how it ends. */
final class StreamRecorder<Q, R> implements ClientResponseObserver<Q, R> {
  final BlockingQueue<R> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
  private final boolean greedy;
  private @Nullable ClientCallStreamObserver<Q> requests;

  /**
   * @param greedy whether to take answers as they come; else only {@link #take} takes them
   */
  StreamRecorder(boolean greedy) {
    this.greedy = greedy;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    requests = stream;
    if (!greedy) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  void take(int count) {
    if (requests != null) {
      requests.request(count);
    }
  }

  @Override
  public void onNext(R message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable thrown) {
    errors.add(thrown);
    ends.add(Status.fromThrowable(thrown));
  }

  @Override
  public void onCompleted() {
    ends.add(Status.OK);
  }
}
