// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that no generated client would send, to a real server. */
final class HostileMessagesTest {
  private static final int EMPTY_INPUT = 0x2a00;
  private static final int EMPTY_EMBED_INPUT = 0x2200;

  /** A number under field 15, which no request has. */
  private static final int UNKNOWN = 0x7801;

  private static final int MILLIONS = 8 << 20;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    assertThat(server.inference.inferCalls).isEmpty();
    assertThat(server.inference.embedCalls).isEmpty();
  }

  @Test
  void millionsOfEmptyInputsAreRefusedByName() {
    refused("inputs", GRPCInferenceServiceGrpc.getModelInferMethod(), EMPTY_INPUT);
    refused("inputs", GRPCInferenceServiceGrpc.getModelStreamInferMethod(), EMPTY_INPUT);
    refused("inputs", EmbeddingServiceGrpc.getEmbedMethod(), EMPTY_EMBED_INPUT);
    refused("inputs", EmbeddingServiceGrpc.getEmbedStreamMethod(), EMPTY_EMBED_INPUT);
  }

  @Test
  void millionsOfUnknownFieldsAreRefusedByEveryService() {
    refused("message", GRPCInferenceServiceGrpc.getServerLiveMethod(), UNKNOWN);
    refused("message", EmbeddingServiceGrpc.getEmbedMethod(), UNKNOWN);
    refused("message", HealthGrpc.getCheckMethod(), UNKNOWN);
    refused("message", ServerReflectionGrpc.getServerReflectionInfoMethod(), UNKNOWN);
    refused(
        "message",
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod(),
        UNKNOWN);
  }

  /** The server's answer to a message of millions of times these two bytes. */
  private void refused(String field, MethodDescriptor<?, ?> method, int twoBytes) {
    byte[] message = new byte[2 * MILLIONS];
    for (int i = 0; i < message.length; i += 2) {
      message[i] = (byte) (twoBytes >> 8);
      message[i + 1] = (byte) twoBytes;
    }
    assertThat(
            TestServer.error(
                Status.Code.INVALID_ARGUMENT,
                () ->
                    ClientCalls.blockingServerStreamingCall(
                            server.channel, raw(method), CallOptions.DEFAULT, message)
                        .hasNext()))
        .hasMessageContaining(field + ": ");
  }

  private static MethodDescriptor<byte[], ByteString> raw(MethodDescriptor<?, ?> method) {
    return MethodDescriptor.<byte[], ByteString>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName(method.getFullMethodName())
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Ignored())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("only sends");
    }
  }

  private static final class Ignored implements MethodDescriptor.Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString value) {
      throw new UnsupportedOperationException("only receives");
    }

    @Override
    public ByteString parse(InputStream stream) {
      return ByteString.EMPTY;
    }
  }
}
