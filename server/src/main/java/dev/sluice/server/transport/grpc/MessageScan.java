// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.transport.shared.Refusals;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the bytes of a message before it is parsed, and refuses one that would become far more
 * objects than any honest request: parsed, a message of nothing but empty inputs is twenty-five
 * times its size. Takes time in proportion to the bytes, and no memory but one count per field.
 *
 * <p>What this takes for malformed it refuses, rather than leave it to the parser: they need not
 * agree on such a message, and one that only the parser can read would not have been counted.
 */
final class MessageScan {
  private static final int LONGEST_VARINT = 10;

  private final MessageShape shape;
  private final byte[] bytes;
  private final int[] counts;
  private int unknown;
  private int at;

  private MessageScan(MessageShape shape, byte[] bytes) {
    this.shape = shape;
    this.bytes = bytes;
    this.counts = new int[shape.counters()];
  }

  /**
   * @throws ProblemException when there is too much of a field
   * @throws InvalidProtocolBufferException when the message is malformed
   */
  static void check(MessageShape shape, byte[] message) throws InvalidProtocolBufferException {
    new MessageScan(shape, message).walk(shape.top(), message.length);
  }

  private void walk(MessageShape.Level level, int end) throws InvalidProtocolBufferException {
    int groups = 0;
    while (at < end) {
      int tag = (int) varint(end);
      if (WireFormat.getTagFieldNumber(tag) == 0) {
        throw malformed();
      }
      // No message has groups of its own, so that all that is inside of one is unknown.
      MessageShape.Rule rule = groups == 0 ? level.rule(tag) : null;
      count(rule);
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT -> varint(end);
        case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES, end);
        case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES, end);
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(rule, end);
        case WireFormat.WIRETYPE_START_GROUP -> groups++;
        case WireFormat.WIRETYPE_END_GROUP -> groups--;
        default -> throw malformed();
      }
      if (groups < 0) {
        throw malformed();
      }
    }
    if (groups != 0) {
      throw malformed();
    }
  }

  private void delimited(MessageShape.@Nullable Rule rule, int end)
      throws InvalidProtocolBufferException {
    int length = (int) varint(end);
    if (length < 0 || length > end - at) {
      throw malformed();
    }
    int stop = at + length;
    if (rule != null && rule.nested() != null) {
      walk(rule.nested(), stop);
    }
    at = stop;
  }

  private void count(MessageShape.@Nullable Rule rule) {
    if (rule == null) {
      if (++unknown > MessageLimits.UNKNOWN_FIELDS) {
        throw Refusals.invalid(
            "message", "has more than " + MessageLimits.UNKNOWN_FIELDS + " unknown fields");
      }
    } else if (rule.counter() >= 0) {
      MessageShape.Counter counter = shape.counter(rule.counter());
      if (++counts[rule.counter()] > counter.limit()) {
        throw Refusals.tooMuch(
            counter.counted(),
            counter.field(),
            "at most " + counter.limit() + " are taken in one message");
      }
    }
  }

  /** As protobuf reads it: ten bytes at most, and what is too much is dropped. */
  private long varint(int end) throws InvalidProtocolBufferException {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT && at < end; i++) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw malformed();
  }

  private void skip(int length, int end) throws InvalidProtocolBufferException {
    if (length > end - at) {
      throw malformed();
    }
    at += length;
  }

  private static InvalidProtocolBufferException malformed() {
    return new InvalidProtocolBufferException("malformed");
  }
}
