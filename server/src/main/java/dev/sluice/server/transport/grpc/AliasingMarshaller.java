// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
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
 * <p>Safe for use by many threads.
 */
final class AliasingMarshaller<M extends Message> implements MethodDescriptor.Marshaller<M> {
  private final Parser<M> parser;
  private final MethodDescriptor.Marshaller<M> writer;

  @SuppressWarnings("unchecked") // a message's parser makes messages of its own class
  AliasingMarshaller(M prototype) {
    this.parser = (Parser<M>) prototype.getParserForType();
    this.writer = ProtoUtils.marshaller(prototype);
  }

  @Override
  public InputStream stream(M value) {
    return writer.stream(value);
  }

  @Override
  public M parse(InputStream stream) {
    try {
      return parse(UnsafeByteOperations.unsafeWrap(readFully(stream)));
    } catch (InvalidProtocolBufferException e) {
      throw malformed();
    } catch (IOException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("the message could not be decompressed")
          .asRuntimeException();
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
      throw malformed();
    }
    return exact;
  }

  private static StatusRuntimeException malformed() {
    return Status.INVALID_ARGUMENT
        .withDescription("the message is not a valid protobuf message of this method's type")
        .asRuntimeException();
  }
}
