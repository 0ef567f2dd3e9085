// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.telemetry.Limit;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;

/** Gathers a request's body within the limits, in one growing array. For one thread. */
final class IncomingBody {
  private static final byte[] NONE = {};
  private static final int FIRST_SIZE = 4 << 10;

  private final OpenRequests shared;
  private final int most;
  private byte[] bytes = NONE;
  private int length;

  /**
   * @param most bytes it may have
   */
  IncomingBody(OpenRequests shared, int most) {
    this.shared = shared;
    this.most = most;
  }

  /** Refuses a length that is too large as soon as it is announced. */
  static void checkAnnounced(long announced, int most) {
    if (announced > most) {
      throw tooLarge(most);
    }
  }

  int received() {
    return length;
  }

  void add(ByteBuf chunk) {
    int count = chunk.readableBytes();
    if (count > most - length) {
      throw tooLarge(most);
    }
    if (length + count > bytes.length) {
      grow(length + count);
    }
    chunk.readBytes(bytes, length, count);
    length += count;
  }

  /** What came; the memory stays reserved until {@link #release}. */
  byte[] whole() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  void release() {
    shared.release(bytes.length);
    bytes = NONE;
    length = 0;
  }

  private void grow(int needed) {
    int size = (int) Math.min(most, Math.max(Math.max(needed, FIRST_SIZE), bytes.length * 2L));
    if (!shared.reserve(size - bytes.length)) {
      throw new ProblemException(
          new Problem.Overloaded(
              "the memory for requests is full; send fewer at one time", Duration.ofSeconds(1)),
          Limit.HTTP_BUFFERED);
    }
    bytes = Arrays.copyOf(bytes, size);
  }

  private static ProblemException tooLarge(int most) {
    return new ProblemException(
        new Problem.TooLarge("the body is larger than the " + most + " bytes that are taken"),
        Limit.HTTP_BODY);
  }
}
