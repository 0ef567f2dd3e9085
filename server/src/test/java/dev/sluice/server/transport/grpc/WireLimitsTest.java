// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.raw;
import static dev.sluice.server.transport.grpc.Requests.three;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, headers and compression, as they are on the wire. */
final class WireLimitsTest {
  private static final int LIMIT = 1 << 20;
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private TestServer server;
  private ManagedChannel channel;
  private final BlockingQueue<String> encodings = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(GrpcSettings.defaults().withMaxMessageBytes(LIMIT));
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Codec.Gzip());
    compressors.register(new DeflateCodec());
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()))
            .usePlaintext()
            .compressorRegistry(compressors)
            .decompressorRegistry(
                DecompressorRegistry.getDefaultInstance().with(new DeflateCodec(), true))
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    assertThat(channel.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    server.close();
  }

  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(channel, new EncodingRecorder()));
  }

  private static ModelInferRequest zeros(int size) {
    return raw("UINT8", ByteString.copyFrom(new byte[size]), size).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void compressedRequestsAreAnsweredInTheSameEncoding(String encoding) throws Exception {
    ModelInferResponse response = stub().withCompression(encoding).modelInfer(zeros(LIMIT / 2));

    assertThat(response.getRawOutputContents(0))
        .isEqualTo(ByteString.copyFrom(new byte[LIMIT / 2]));
    assertThat(TestServer.take(encodings)).isEqualTo(encoding);
  }

  @Test
  void plainRequestsAreAnsweredPlain() throws Exception {
    assertThat(stub().modelInfer(three("echo").build()).getOutputsCount()).isEqualTo(1);
    assertThat(TestServer.take(encodings)).isEqualTo("identity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void aBombIsCutAtTheSizeOfTheLargestMessage(String encoding) {
    TestServer.error(
        Status.Code.RESOURCE_EXHAUSTED,
        () -> stub().withCompression(encoding).modelInfer(zeros(64 * LIMIT)));
    assertThat(server.inference.inferCalls).isEmpty();
  }

  @Test
  void anUnknownEncodingIsUnimplemented() {
    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub odd =
        GRPCInferenceServiceGrpc.newBlockingStub(oddChannel());
    TestServer.error(
        Status.Code.UNIMPLEMENTED,
        () -> odd.withCompression("odd").modelInfer(three("echo").build()));
  }

  private Channel oddChannel() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new OddCodec());
    channel.shutdownNow();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()))
            .usePlaintext()
            .compressorRegistry(registry)
            .build();
    return channel;
  }

  @Test
  void theLargestMessageIsTakenAndOneByteMoreIsNot() {
    int overhead = zeros(LIMIT - 1024).getSerializedSize() - (LIMIT - 1024);
    ModelInferRequest largest = zeros(LIMIT - overhead);
    assertThat(largest.getSerializedSize()).isEqualTo(LIMIT);

    assertThat(server.stub().modelInfer(largest).getRawOutputContents(0).size())
        .isEqualTo(LIMIT - overhead);
    TestServer.error(
        Status.Code.RESOURCE_EXHAUSTED,
        () -> server.stub().modelInfer(zeros(LIMIT - overhead + 1)));
    TestServer.error(
        Status.Code.RESOURCE_EXHAUSTED, () -> server.stub().modelInfer(zeros(8 * LIMIT)));
    assertThat(server.stub().modelInfer(three("echo").build()).getOutputsCount()).isEqualTo(1);
  }

  @Test
  void headersOverTheLimitNeverArrive() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("x-big", Metadata.ASCII_STRING_MARSHALLER),
        "h".repeat(GrpcSettings.defaults().maxMetadataBytes()));

    // The client has read the limit from the server's settings and does not even send them.
    assertThatThrownBy(
            () ->
                server
                    .stub()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .modelInfer(three("echo").build()))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(server.inference.inferCalls).isEmpty();
    assertThat(server.stub().modelInfer(three("echo").build()).getOutputsCount()).isEqualTo(1);
  }

  /** Notes in which encoding each answer comes. */
  private final class EncodingRecorder implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onHeaders(Metadata answer) {
                  String encoding = answer.get(ENCODING);
                  encodings.add(encoding == null ? "identity" : encoding);
                  super.onHeaders(answer);
                }
              },
              headers);
        }
      };
    }
  }

  /** An encoding that the server does not know. */
  private static final class OddCodec implements Compressor {
    @Override
    public String getMessageEncoding() {
      return "odd";
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }
}
