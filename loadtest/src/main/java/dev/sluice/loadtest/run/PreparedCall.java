// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One call, ready to be sent.
 *
 * @param metadata of this call alone, since gRPC adds to it
 * @param count how many messages it sends where the run does not say otherwise
 * @param messages the serialized message at a place from 0; beyond the count they begin anew
 * @param answers takes each serialized answer, on the event loop; null: they are counted unread
 */
public record PreparedCall(
    Rpc rpc,
    Metadata metadata,
    long count,
    LongFunction<ByteString> messages,
    @Nullable Consumer<ByteString> answers) {

  public static PreparedCall of(Rpc rpc, Metadata metadata, List<ByteString> messages) {
    LongFunction<ByteString> turns = place -> messages.get((int) (place % messages.size()));
    return new PreparedCall(rpc, metadata, messages.size(), turns, null);
  }

  public PreparedCall answeredTo(Consumer<ByteString> taker) {
    return new PreparedCall(rpc, metadata, count, messages, taker);
  }
}
