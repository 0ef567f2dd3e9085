// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.ghz.Payload;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import java.util.List;

/**
 * Calls over the connections of one event loop, which are used on it alone, with direct executors:
 * a call costs no hop between threads.
 *
 * <p>The timeout goes to the server as gRPC's header, and the {@code Desk} ends calls that miss it.
 * A deadline of gRPC's own would take a timer for each call, on a thread that all loops share.
 */
final class GrpcCarrier implements Carrier {
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final long MOST_DIGITS = 99_999_999;

  private final NettyLoop loop;
  private final List<? extends Channel> channels;
  private final Terms terms;
  private final String timeout;

  /**
   * What holds for every call.
   *
   * @param timeoutNanos 0: none
   */
  record Terms(CallOptions options, Payload.Streaming streaming, long timeoutNanos) {}

  GrpcCarrier(NettyLoop loop, List<? extends Channel> channels, Terms terms) {
    this.loop = loop;
    this.channels = List.copyOf(channels);
    this.terms = terms;
    this.timeout = header(terms.timeoutNanos());
  }

  @Override
  public Ongoing start(PreparedCall call, int connection, Ended ended) {
    MethodType type = call.rpc().type();
    ClientCall<ByteString, ByteString> rpc =
        channels
            .get(connection)
            .newCall(call.rpc().descriptor(call.answers() != null), terms.options());
    if (!timeout.isEmpty()) {
      call.metadata().put(TIMEOUT, timeout);
    }
    if (type == MethodType.UNARY) {
      return new UnaryCall(loop, rpc, call, ended).start();
    }
    return new StreamCall(loop, rpc, call, ended, terms.streaming()).start();
  }

  /** At most eight digits and a unit, as the protocol has it. */
  static String header(long nanos) {
    if (nanos <= 0) {
      return "";
    } else if (nanos <= MOST_DIGITS) {
      return nanos + "n";
    } else if (nanos / 1_000 <= MOST_DIGITS) {
      return nanos / 1_000 + "u";
    } else if (nanos / 1_000_000 <= MOST_DIGITS) {
      return nanos / 1_000_000 + "m";
    }
    return Math.min(MOST_DIGITS, nanos / 1_000_000_000) + "S";
  }
}
