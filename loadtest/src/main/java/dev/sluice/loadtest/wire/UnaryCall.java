// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.ClientCall;

/** One message, one answer. */
final class UnaryCall extends OpenCall {
  UnaryCall(
      NettyLoop loop,
      ClientCall<ByteString, ByteString> rpc,
      PreparedCall call,
      Carrier.Ended ended) {
    super(loop, rpc, call, ended);
  }

  @Override
  void begin() {
    rpc.start(this, call.metadata());
    // An answer and the status behind it.
    rpc.request(2);
    rpc.sendMessage(call.messages().apply(0));
    rpc.halfClose();
  }
}
