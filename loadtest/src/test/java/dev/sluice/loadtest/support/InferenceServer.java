// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.support;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.InferBatchStatistics;
import dev.sluice.proto.inference.InferStatistics;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelMetadataResponse;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.ModelStatisticsResponse;
import dev.sluice.proto.inference.StatisticDuration;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real gRPC server of embeddings: {@code sluice.v1}, the Open Inference Protocol with models of
 * texts ({@code texts}), of token ids ({@code ids}), and of tensors, and TEI's. What it answers
 * follows from the input; {@link #drifting} turns it by a right angle.
 */
public final class InferenceServer implements AutoCloseable {
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("sluice-tenant", Metadata.ASCII_STRING_MARSHALLER);

  /** Of the inputs {@code in_TYPE} of the model {@code every}, in its order. */
  public static final List<String> EVERY_TYPE =
      List.of(
          "BOOL", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "FP16",
          "BF16", "FP32", "FP64", "BYTES");

  private final Server server;
  private final AtomicLong served = new AtomicLong();

  public volatile boolean drifting;
  public final Queue<String> texts = new ConcurrentLinkedQueue<>();
  public final Queue<String> tenants = new ConcurrentLinkedQueue<>();
  public final Queue<EmbedRequest> embeds = new ConcurrentLinkedQueue<>();
  public final Queue<ModelInferRequest> infers = new ConcurrentLinkedQueue<>();

  public InferenceServer() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Embeddings())
            .addService(new Inference())
            .addService(tei())
            .intercept(new Tenants())
            .build()
            .start();
  }

  public String host() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Of two dimensions. */
  public static float[] embedding(String text, boolean turned) {
    float x = text.length() + 1;
    float y = text.hashCode() % 10 + 20;
    return turned ? new float[] {-y, x} : new float[] {x, y};
  }

  private float[] answer(String text) {
    texts.add(text);
    served.incrementAndGet();
    return embedding(text, drifting);
  }

  private static ByteString bytes(float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Embeddings extends EmbeddingServiceGrpc.EmbeddingServiceImplBase {
    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answers) {
      embeds.add(request);
      ByteString vectors = ByteString.EMPTY;
      for (Input input : request.getInputsList()) {
        String text = input.hasText() ? input.getText() : input.getTokens().getIdsList().toString();
        vectors = vectors.concat(bytes(answer(text)));
      }
      answers.onNext(
          EmbedResponse.newBuilder()
              .setCount(request.getInputsCount())
              .setDimensions(2)
              .setVectors(vectors)
              .build());
      answers.onCompleted();
    }
  }

  private final class Inference extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    @Override
    public void modelMetadata(
        ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answers) {
      ModelMetadataResponse.Builder metadata = ModelMetadataResponse.newBuilder();
      switch (request.getName()) {
        case "texts" -> input(metadata, "TEXT", "BYTES", -1, 1);
        case "ids" -> {
          input(metadata, "input_ids", "INT64", -1, -1);
          input(metadata, "attention_mask", "INT64", -1, -1);
          input(metadata, "token_type_ids", "INT64", -1, -1);
        }
        case "image" -> input(metadata, "PIXELS", "FP32", -1, 3, 8, 8);
        case "fixed" -> input(metadata, "input_ids", "INT32", -1, 4);
        case "lone" -> input(metadata, "X", "FP32", 3);
        case "odd" -> input(metadata, "X", "COMPLEX64", -1, 3);
        case "every" -> EVERY_TYPE.forEach(type -> input(metadata, "in_" + type, type, -1, 2, -1));
        default -> {
          answers.onError(Status.NOT_FOUND.asException());
          return;
        }
      }
      answers.onNext(metadata.build());
      answers.onCompleted();
    }

    private void input(
        ModelMetadataResponse.Builder metadata, String name, String type, long... shape) {
      ModelMetadataResponse.TensorMetadata.Builder tensor =
          metadata.addInputsBuilder().setName(name).setDatatype(type);
      for (long size : shape) {
        tensor.addShape(size);
      }
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
      infers.add(request);
      long rows = request.getInputs(0).getShape(0);
      ModelInferResponse.Builder response = ModelInferResponse.newBuilder();
      response.addOutputsBuilder().setName("OUT").setDatatype("FP32").addShape(rows).addShape(2);
      ByteString vectors = ByteString.EMPTY;
      for (int i = 0; i < rows; i++) {
        vectors = vectors.concat(bytes(answer(request.getRawInputContents(0).toStringUtf8())));
      }
      answers.onNext(response.addRawOutputContents(vectors).build());
      answers.onCompleted();
    }

    /** Each request waited for 1 ms and was computed for 3 ms, in batches of 2. */
    @Override
    public void modelStatistics(
        ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> answers) {
      long count = 1_000 + served.get();
      InferStatistics stages =
          InferStatistics.newBuilder()
              .setSuccess(duration(count, 4))
              .setQueue(duration(count, 1))
              .setComputeInfer(duration(count, 3))
              .build();
      answers.onNext(
          ModelStatisticsResponse.newBuilder()
              .addModelStats(
                  ModelStatistics.newBuilder()
                      .setName(request.getName())
                      .setInferenceStats(stages)
                      .addBatchStats(
                          InferBatchStatistics.newBuilder()
                              .setBatchSize(2)
                              .setComputeInfer(duration(count / 2, 3)))
                      .addBatchStats(
                          InferBatchStatistics.newBuilder()
                              .setBatchSize(8)
                              .setComputeInfer(duration(50, 3))))
              .build());
      answers.onCompleted();
    }

    private static StatisticDuration duration(long count, long millis) {
      return StatisticDuration.newBuilder()
          .setCount(count)
          .setNs(count * millis * 1_000_000)
          .build();
    }
  }

  /** By field numbers, as there is no description of it here. */
  private ServerServiceDefinition tei() {
    return ServerServiceDefinition.builder("tei.v1.Embed")
        .addMethod(
            MethodDescriptor.<ByteString, ByteString>newBuilder(RAW, RAW)
                .setFullMethodName("tei.v1.Embed/Embed")
                .setType(MethodDescriptor.MethodType.UNARY)
                .build(),
            ServerCalls.asyncUnaryCall(
                (request, answers) -> {
                  answers.onNext(teiAnswer(request));
                  answers.onCompleted();
                }))
        .build();
  }

  private ByteString teiAnswer(ByteString request) {
    try {
      CodedInputStream in = request.newCodedInput();
      in.readTag();
      ByteString.Output answer = ByteString.newOutput();
      CodedOutputStream out = CodedOutputStream.newInstance(answer);
      out.writeString(2, "metadata before the embedding");
      out.writeBytes(1, bytes(answer(in.readString())));
      out.flush();
      return answer.toByteString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final MethodDescriptor.Marshaller<ByteString> RAW =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(ByteString message) {
          return message.newInput();
        }

        @Override
        public ByteString parse(InputStream stream) {
          try {
            return ByteString.readFrom(stream);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final class Tenants implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String tenant = headers.get(TENANT);
      if (tenant != null) {
        tenants.add(tenant);
      }
      return next.startCall(call, headers);
    }
  }
}
