// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Bytes that are messages already, in both directions. */
final class RawMessages {
  private RawMessages() {}

  static final Marshaller<ByteString> SENT =
      new Marshaller<>() {
        @Override
        public InputStream stream(ByteString message) {
          return new Outgoing(message);
        }

        @Override
        public ByteString parse(InputStream stream) {
          throw new UnsupportedOperationException("a client receives no requests");
        }
      };

  static final Marshaller<ByteString> READ =
      new Incoming() {
        @Override
        public ByteString parse(InputStream stream) {
          try {
            return ByteString.readFrom(stream);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  /** Not looked at: gRPC skips what is left of the answer. */
  static final Marshaller<ByteString> COUNTED =
      new Incoming() {
        @Override
        public ByteString parse(InputStream stream) {
          return ByteString.EMPTY;
        }
      };

  private abstract static class Incoming implements Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString message) {
      throw new UnsupportedOperationException("a client sends no answers");
    }
  }

  /** Known length and drained in one go: gRPC copies it once, into the network's buffer. */
  private static final class Outgoing extends FilterInputStream implements KnownLength, Drainable {
    private final ByteString message;

    Outgoing(ByteString message) {
      super(message.newInput());
      this.message = message;
    }

    /** Called once at most, instead of reading. */
    @Override
    public int drainTo(OutputStream target) throws IOException {
      message.writeTo(target);
      in = InputStream.nullInputStream();
      return message.size();
    }
  }
}
