// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.number;
import static dev.sluice.server.transport.grpc.Requests.three;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batching.Call;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.server.transport.grpc.ScriptedInference.Held;
import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deadlines, cancellation and the end of the server. */
final class CallLifeTest {
  private static final long START = 1_000;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private long deadlineSeen() throws InterruptedException {
    return TestServer.take(server.inference.inferCalls).context().deadlineNanos();
  }

  @Test
  void theDeadlineIsOnTheServersClock() throws Exception {
    assertThat(
            server
                .stub()
                .withDeadlineAfter(HOUR, TimeUnit.NANOSECONDS)
                .modelInfer(three("echo").build()))
        .isNotNull();
    assertThat(deadlineSeen()).isBetween(START + 1, START + HOUR);
  }

  @Test
  void theTimeoutParameterCountsMicroseconds() throws Exception {
    assertThat(
            server.stub().modelInfer(three("echo").putParameters("timeout", number(250)).build()))
        .isNotNull();
    assertThat(deadlineSeen()).isEqualTo(START + 250_000);
  }

  @Test
  void theEarlierOfDeadlineAndTimeoutHolds() throws Exception {
    var stub = server.stub().withDeadlineAfter(HOUR, TimeUnit.NANOSECONDS);
    long tenDays = TimeUnit.DAYS.toMicros(10);

    assertThat(stub.modelInfer(three("echo").putParameters("timeout", number(9)).build()))
        .isNotNull();
    assertThat(deadlineSeen()).isEqualTo(START + 9_000);
    assertThat(stub.modelInfer(three("echo").putParameters("timeout", number(tenDays)).build()))
        .isNotNull();
    assertThat(deadlineSeen()).isBetween(START + 1, START + HOUR);
  }

  @Test
  void absurdDeadlinesAreNone() throws Exception {
    assertThat(
            server
                .stub()
                .withDeadlineAfter(Long.MAX_VALUE, TimeUnit.SECONDS)
                .modelInfer(three("echo").putParameters("timeout", number(Long.MAX_VALUE)).build()))
        .isNotNull();
    assertThat(deadlineSeen()).isEqualTo(Call.NO_DEADLINE);

    assertThat(server.stub().modelInfer(three("echo").putParameters("timeout", number(0)).build()))
        .isNotNull();
    assertThat(deadlineSeen()).isEqualTo(Call.NO_DEADLINE);
  }

  @Test
  void aCancelledCallTakesItsTicketBack() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    Future<ModelInferResponse> call;
    Context previous = context.attach();
    try {
      call =
          GRPCInferenceServiceGrpc.newFutureStub(server.channel).modelInfer(three("hold").build());
    } finally {
      context.detach(previous);
    }
    TestServer.take(server.inference.held);

    context.cancel(null);

    assertThat(TestServer.take(server.inference.cancelled)).isEqualTo("hold");
    assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS))
        .hasMessageContaining(Status.Code.CANCELLED.name());
  }

  @Test
  void aCancellationBeforeTheTicketIsNotLost() {
    var cancelled = new AtomicInteger();
    TicketHold hold = new TicketHold();
    hold.cancel();
    hold.attach(cancelled::incrementAndGet);
    assertThat(cancelled).hasValue(1);

    TicketHold later = new TicketHold();
    later.attach(cancelled::incrementAndGet);
    assertThat(cancelled).hasValue(1);
    later.cancel();
    assertThat(cancelled).hasValue(2);
  }

  @Test
  void aShutdownLetsOpenCallsFinish() throws Exception {
    Future<ModelInferResponse> call =
        GRPCInferenceServiceGrpc.newFutureStub(server.channel).modelInfer(three("hold").build());
    Held held = TestServer.take(server.inference.held);

    CompletableFuture<Boolean> finished = server.shutdown(Duration.ofMinutes(5));
    assertThat(finished).isNotDone();
    held.release().run();

    assertThat(call.get(60, TimeUnit.SECONDS).getRawOutputContentsCount()).isEqualTo(1);
    assertThat(finished.get(60, TimeUnit.SECONDS)).isTrue();
    TestServer.error(
        Status.Code.UNAVAILABLE, () -> server.stub().modelInfer(three("echo").build()));
  }

  @Test
  void aShutdownEndsWhatOutlivesItsGrace() throws Exception {
    StreamRecorder<ModelInferRequest, ModelInferResponse> answer = new StreamRecorder<>(true);
    server.async().modelInfer(three("hold").build(), answer);
    TestServer.take(server.inference.held);

    assertThat(server.server.shutdown(Duration.ofMillis(1))).isFalse();

    assertThat(TestServer.take(answer.ends).isOk()).isFalse();
    assertThat(TestServer.take(server.inference.cancelled)).isEqualTo("hold");
  }
}
