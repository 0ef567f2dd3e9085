// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Requests that were serialised once, before the load; responses that are counted, not parsed. */
final class PreparedMessages {
  private PreparedMessages() {}

  static final Marshaller<byte[]> REQUEST =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new Prepared(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          throw new UnsupportedOperationException("a client receives no requests");
        }
      };

  /** A response, as its number of bytes. */
  static final Marshaller<Integer> RESPONSE =
      new Marshaller<>() {
        @Override
        public InputStream stream(Integer size) {
          throw new UnsupportedOperationException("a client sends no responses");
        }

        @Override
        public Integer parse(InputStream stream) {
          try {
            return stream.available();
          } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
          }
        }
      };

  /** Known length and drained in one go: gRPC copies it once, into the network's buffer. */
  private static final class Prepared extends ByteArrayInputStream
      implements KnownLength, Drainable {
    Prepared(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length);
      pos = count;
      return length;
    }
  }
}
