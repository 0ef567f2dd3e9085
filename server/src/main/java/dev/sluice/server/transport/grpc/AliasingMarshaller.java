// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a message so that its {@code bytes} fields are views of the one array that it arrived in.
 *
 * <p>What is copied: the message once, out of the network's buffers (16 KiB pieces that go back to
 * their pool at once) into one array of exactly its size. What is not: a raw tensor stays a slice
 * of that array from here until the model reads it, which keeps the array alive that long. A
 * compressed message is copied while it grows, as its size is not known ahead. On the way out a raw
 * output is copied once, into the network's buffers.
 *
 * <p>A message is parsed only when {@link MessageScan} finds that it will not grow by that.
 *
 * <p>Safe for use by many threads.
 */
final class AliasingMarshaller<M> implements MethodDescriptor.Marshaller<Incoming<M>> {
  private final Parser<? extends M> parser;
  private final MessageShape shape;
  private final NanoClock clock;

  /**
   * @param shape of the messages that the parser makes
   */
  AliasingMarshaller(Parser<? extends M> parser, MessageShape shape, NanoClock clock) {
    this.parser = parser;
    this.shape = shape;
    this.clock = clock;
  }

  @Override
  public InputStream stream(Incoming<M> value) {
    throw new UnsupportedOperationException("a server sends no requests");
  }

  @Override
  public Incoming<M> parse(InputStream stream) {
    long arrived = clock.nanoTime();
    try {
      byte[] bytes = readFully(stream);
      MessageScan.check(shape, bytes);
      return new Incoming.Good<>(parse(UnsafeByteOperations.unsafeWrap(bytes)), arrived);
    } catch (ProblemException e) {
      return new Incoming.Bad<>(e.problem());
    } catch (InvalidProtocolBufferException e) {
      return malformed("is not a valid protobuf message of this method's type");
    } catch (IOException e) {
      return malformed("could not be decompressed");
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
          ? new Incoming.Bad<>(new Problem.TooLarge("the decompressed message is too large"))
          : malformed("could not be decompressed");
    }
  }

  private M parse(ByteString bytes) throws InvalidProtocolBufferException {
    CodedInputStream input = bytes.newCodedInput();
    input.enableAliasing(true);
    M message = parser.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
    input.checkLastTagWas(0);
    return message;
  }

  private static byte[] readFully(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    byte[] exact = new byte[stream.available()];
    int read = stream.readNBytes(exact, 0, exact.length);
    if (read != exact.length) {
      throw new EOFException();
    }
    return exact;
  }

  private static <M> Incoming<M> malformed(String reason) {
    return new Incoming.Bad<>(new Problem.Invalid("message", "the message " + reason));
  }
}
