// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call under way. Used on its event loop; what gRPC tells from elsewhere, as it does while a
 * connection is not there, is brought to it.
 */
abstract class OpenCall extends ClientCall.Listener<ByteString> implements Carrier.Ongoing {
  final NettyLoop loop;
  final ClientCall<ByteString, ByteString> rpc;
  final PreparedCall call;
  private final Carrier.Ended ended;
  private final @Nullable Consumer<ByteString> answers;
  private @Nullable Status given;

  /** Within {@link #start} or {@link #cancel}, whose callers do not expect the end yet. */
  private boolean asked = true;

  private boolean closed;

  OpenCall(
      NettyLoop loop,
      ClientCall<ByteString, ByteString> rpc,
      PreparedCall call,
      Carrier.Ended ended) {
    this.loop = loop;
    this.rpc = rpc;
    this.call = call;
    this.ended = ended;
    this.answers = call.answers();
  }

  /** Sends what can be sent at once. */
  abstract void begin();

  final OpenCall start() {
    begin();
    asked = false;
    return this;
  }

  final boolean isClosed() {
    return closed;
  }

  @Override
  public final void cancel(Status why) {
    if (!closed && given == null) {
      given = why;
      asked = true;
      // For gRPC alone: what the call ends with is the status.
      rpc.cancel("given up", null);
      asked = false;
    }
  }

  @Override
  public void onMessage(ByteString message) {
    if (answers != null) {
      answers.accept(message);
    }
  }

  @Override
  public final void onClose(Status status, Metadata trailers) {
    if (loop.isCurrent() && !asked) {
      close(status);
    } else {
      loop.execute(() -> close(status));
    }
  }

  private void close(Status status) {
    closed = true;
    // An answer that was faster than the cancellation stands.
    Status why = given;
    ended.ended(why != null && status.getCode() == Status.Code.CANCELLED ? why : status);
  }
}
