// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.call.CallException;
import dev.sluice.loadtest.ghz.Payload;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;

/**
 * A call with several messages in at least one direction. It sends its messages as far as flow
 * control lets it, with the pauses that were asked for, until there are no more or it has sent as
 * many, or as long, as was asked for; then it waits for the server. A stream that only the server
 * sends is given up at these limits, which is its end as planned and no failure.
 */
final class StreamCall extends OpenCall {
  /** So many answers may be on their way. */
  private static final int WINDOW = 256;

  private final Payload.Streaming streaming;
  private final boolean sends;
  private final long most;
  private long sent;
  private long received;
  private long notBefore;
  private boolean half;

  StreamCall(
      NettyLoop loop,
      ClientCall<ByteString, ByteString> rpc,
      PreparedCall call,
      Carrier.Ended ended,
      Payload.Streaming streaming) {
    super(loop, rpc, call, ended);
    this.streaming = streaming;
    this.sends = call.rpc().type() != MethodType.SERVER_STREAMING;
    this.most = most();
  }

  private long most() {
    if (!sends) {
      return 1;
    } else if (streaming.callCount() > 0) {
      return streaming.callCount();
    }
    return streaming.callDuration().isZero() ? call.count() : Long.MAX_VALUE;
  }

  @Override
  void begin() {
    ByteString first = call.messages().apply(0);
    notBefore = loop.nanoTime();
    rpc.start(this, call.metadata());
    rpc.request(WINDOW);
    send(first);
    if (!streaming.callDuration().isZero()) {
      loop.at(loop.nanoTime() + streaming.callDuration().toNanos(), this::timeIsOver);
    }
    // The others when gRPC says that the stream is ready, or after the pause.
  }

  @Override
  public void onReady() {
    if (loop.isCurrent()) {
      sendMore();
    } else {
      loop.execute(this::sendMore);
    }
  }

  @Override
  public void onMessage(ByteString message) {
    super.onMessage(message);
    received++;
    if (!sends && streaming.callCount() > 0 && received >= streaming.callCount()) {
      cancel(Status.OK);
    } else {
      rpc.request(1);
    }
  }

  private void timeIsOver() {
    if (sends) {
      halfClose();
    } else {
      cancel(Status.OK);
    }
  }

  private void sendMore() {
    try {
      while (!half && !isClosed() && rpc.isReady() && loop.nanoTime() >= notBefore) {
        send(call.messages().apply(sent));
      }
    } catch (CallException e) {
      half = true;
      cancel(Status.INTERNAL.withDescription(e.getMessage()));
    }
  }

  private void send(ByteString message) {
    rpc.sendMessage(message);
    sent++;
    if (sent == most) {
      halfClose();
    } else if (!streaming.interval().isZero()) {
      notBefore = loop.nanoTime() + streaming.interval().toNanos();
      loop.at(notBefore, this::sendMore);
    }
  }

  private void halfClose() {
    if (!half && !isClosed()) {
      half = true;
      rpc.halfClose();
    }
  }
}
