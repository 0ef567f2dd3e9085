// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.three;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.server.core.Problem;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of everything that can go wrong. */
final class ErrorsTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  static Stream<Arguments> problems() {
    Duration wait = Duration.ofMillis(1500);
    return Stream.of(
        Arguments.of(
            new Problem.Invalid("f", "bad"), Status.Code.INVALID_ARGUMENT, "INVALID", null),
        Arguments.of(
            new Problem.TooLarge("big"), Status.Code.RESOURCE_EXHAUSTED, "TOO_LARGE", "-1"),
        Arguments.of(new Problem.NotFound("none"), Status.Code.NOT_FOUND, "NOT_FOUND", null),
        Arguments.of(
            new Problem.WrongTask("no"), Status.Code.FAILED_PRECONDITION, "WRONG_TASK", null),
        Arguments.of(new Problem.Unsupported("no"), Status.Code.UNIMPLEMENTED, "UNSUPPORTED", null),
        Arguments.of(
            new Problem.Overloaded("full", wait),
            Status.Code.RESOURCE_EXHAUSTED,
            "OVERLOADED",
            "1500"),
        Arguments.of(
            new Problem.Overloaded("hopeless", Duration.ofMillis(-1)),
            Status.Code.RESOURCE_EXHAUSTED,
            "OVERLOADED",
            "-1"),
        Arguments.of(
            new Problem.DeadlinePassed("late"),
            Status.Code.DEADLINE_EXCEEDED,
            "DEADLINE_PASSED",
            null),
        Arguments.of(new Problem.Cancelled("gone"), Status.Code.CANCELLED, "CANCELLED", null),
        Arguments.of(
            new Problem.Unavailable("loading", wait),
            Status.Code.UNAVAILABLE,
            "UNAVAILABLE",
            "1500"),
        Arguments.of(
            new Problem.Internal("failed", "e-1"), Status.Code.INTERNAL, "INTERNAL", null));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void everyProblemHasItsCodeDetailsAndPushback(
      Problem problem, Status.Code code, String reason, @Nullable String pushback)
      throws Exception {
    server.inference.problem = problem;

    StatusRuntimeException error =
        TestServer.error(code, () -> server.stub().modelInfer(three("busy").build()));

    assertThat(error.getStatus().getDescription()).isEqualTo(problem.message());
    ErrorInfo info = detail(error, ErrorInfo.class).orElseThrow();
    assertThat(info.getDomain()).isEqualTo("sluice");
    assertThat(info.getReason()).isEqualTo(reason);
    assertThat(Objects.requireNonNull(error.getTrailers()).get(GrpcProblems.RETRY_PUSHBACK))
        .isEqualTo(pushback);
    boolean retry = pushback != null && !pushback.equals("-1");
    assertThat(detail(error, RetryInfo.class).map(i -> i.getRetryDelay().getSeconds()))
        .isEqualTo(retry ? Optional.of(1L) : Optional.empty());
  }

  @Test
  void aRefusalNamesTheField() throws Exception {
    StatusRuntimeException error =
        TestServer.error(
            Status.Code.INVALID_ARGUMENT,
            () ->
                server
                    .stub()
                    .modelInfer(three("echo").addRawInputContents(Requests.bytes(1)).build()));

    assertThat(detail(error, BadRequest.class).orElseThrow().getFieldViolations(0).getField())
        .isEqualTo("raw_input_contents");
  }

  @Test
  void anInternalErrorGivesItsIdAndNothingElse() throws Exception {
    server.inference.problem = new Problem.Internal("failed", "e-1");
    StatusRuntimeException error =
        TestServer.error(
            Status.Code.INTERNAL, () -> server.stub().modelInfer(three("busy").build()));
    assertThat(detail(error, ErrorInfo.class).orElseThrow().getMetadataMap())
        .containsEntry("error_id", "e-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "broken"})
  void whatNobodyForesawIsInternalWithAnErrorId(String model) throws Exception {
    StatusRuntimeException error =
        TestServer.error(
            Status.Code.INTERNAL, () -> server.stub().modelInfer(three(model).build()));

    String id = detail(error, ErrorInfo.class).orElseThrow().getMetadataOrThrow("error_id");
    assertThat(error.getStatus().getDescription())
        .isEqualTo("the server failed on this request; error id " + id);
  }

  @Test
  void longMessagesAreCutToFitTheTrailers() {
    server.inference.problem = new Problem.NotFound("m".repeat(100_000));
    StatusRuntimeException error =
        TestServer.error(
            Status.Code.NOT_FOUND, () -> server.stub().modelInfer(three("busy").build()));
    assertThat(error.getStatus().getDescription()).hasSizeLessThan(1100);
  }

  @Test
  void whatIsNoProtobufIsAnInvalidArgument() {
    TestServer.error(Status.Code.INVALID_ARGUMENT, () -> call("ModelInfer", new byte[] {-1, -1}));
    // Field 1, model_name, of length 1, with a byte that no UTF-8 text has.
    TestServer.error(
        Status.Code.INVALID_ARGUMENT, () -> call("ModelInfer", new byte[] {10, 1, -1}));
    // A tensor that says more bytes than there are.
    TestServer.error(
        Status.Code.INVALID_ARGUMENT, () -> call("ModelInfer", new byte[] {58, 100, 1}));
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    TestServer.error(Status.Code.UNIMPLEMENTED, () -> call("NoSuchMethod", new byte[0]));
  }

  private static byte[] call(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(GRPCInferenceServiceGrpc.SERVICE_NAME + "/" + method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ClientCalls.blockingUnaryCall(server.channel, descriptor, CallOptions.DEFAULT, message);
  }

  private static <T extends Message> Optional<T> detail(StatusRuntimeException error, Class<T> type)
      throws Exception {
    com.google.rpc.Status status =
        Objects.requireNonNull(StatusProto.fromThrowable(error), "details");
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        return Optional.of(detail.unpack(type));
      }
    }
    return Optional.empty();
  }

  /** Sends and reads bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
