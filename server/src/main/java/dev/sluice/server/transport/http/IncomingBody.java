// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.telemetry.Limit;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/**
 * A request's body, as it came or as it was unpacked, within the limits and in one growing array.
 * For one thread at a time.
 */
final class IncomingBody {
  private static final byte[] NONE = {};
  private static final int FIRST_SIZE = 4 << 10;

  private final OpenRequests shared;
  private final int most;
  private final Limit limit;
  private int expected;
  private byte[] bytes = NONE;
  private int length;

  /**
   * @param most bytes it may have
   * @param limit what is hit beyond them
   */
  IncomingBody(OpenRequests shared, int most, Limit limit) {
    this.shared = shared;
    this.most = most;
    this.limit = limit;
    this.expected = most;
  }

  /**
   * Refuses a length that is too large as soon as it is announced, and takes no more memory than
   * for one that is not.
   *
   * @param announced negative where nothing is
   */
  void announce(long announced) {
    if (announced > most) {
      throw tooLarge();
    }
    if (announced >= 0) {
      expected = (int) announced;
    }
  }

  int length() {
    return length;
  }

  void add(ByteBuf chunk) {
    int count = chunk.readableBytes();
    room(count);
    chunk.readBytes(bytes, length, count);
    length += count;
  }

  /** Adds all that the stream has. */
  void add(InputStream in) throws IOException {
    for (; ; ) {
      if (length == bytes.length) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        room(1);
        bytes[length++] = (byte) next;
      }
      int count = in.read(bytes, length, bytes.length - length);
      if (count < 0) {
        return;
      }
      length += count;
    }
  }

  /** What came; the memory stays reserved until {@link #release}. */
  byte[] whole() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes, 0, length);
  }

  /** May be called more than once. */
  void release() {
    shared.release(bytes.length);
    bytes = NONE;
    length = 0;
  }

  private void room(int count) {
    if (count > most - length) {
      throw tooLarge();
    }
    int needed = length + count;
    if (needed <= bytes.length) {
      return;
    }
    // Never the whole of what was only announced; never more than that, so that it fits exactly.
    long size = Math.min(Math.max(FIRST_SIZE, bytes.length * 2L), Math.max(needed, expected));
    grow((int) Math.max(size, needed));
  }

  private void grow(int size) {
    if (!shared.reserve(size - bytes.length)) {
      throw memoryFull();
    }
    bytes = Arrays.copyOf(bytes, size);
  }

  static ProblemException memoryFull() {
    return new ProblemException(
        new Problem.Overloaded(
            "the memory for requests is full; send fewer at one time", Duration.ofSeconds(1)),
        Limit.HTTP_BUFFERED);
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        new Problem.TooLarge("the body is larger than the " + most + " bytes that are taken"),
        limit);
  }
}
