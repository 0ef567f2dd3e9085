// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.sluice.batching.CallTiming;
import dev.sluice.server.config.LogFormat;
import dev.sluice.server.config.LogLevel;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.logging.Logging;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Outcome;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class RequestLogTest {
  private static final String CANARY = "canary-7d1f";
  private static final RequestEnd OK = new RequestEnd(200, null, "", 20, 300);
  private static final RequestEnd BAD = new RequestEnd(400, Outcome.INVALID, "", 20, 30);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong(5_000_000);
  private LogFormat format = LogFormat.JSON;

  @AfterEach
  void restore() throws JoranException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  private Requests requests(double sample, int perSecond, boolean texts, DoubleSupplier random) {
    Logging.configure(LogLevel.INFO, format, printed, Path.of("/"));
    RequestLog log =
        new RequestLog(new RequestLog.Rules(sample, perSecond, texts), random, clock::get);
    return new Requests(log, null, clock::get, Runnable::run);
  }

  private Requests requests(double sample, int perSecond) {
    return requests(sample, perSecond, false, () -> 0.5);
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private record Head(Map<String, String> headers, String path) implements RequestHead {
    @Override
    public Protocol protocol() {
      return Protocol.HTTP;
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public @Nullable SocketAddress peer() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
    }

    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  private RequestTrace begin(Requests requests, Map<String, String> headers) {
    return requests.begin(new Head(headers, "/v1/embeddings"), clock.get());
  }

  private void answerWhole(Requests requests, Map<String, String> headers) {
    RequestTrace trace = begin(requests, headers);
    long arrived = clock.addAndGet(1_000);
    trace.named("id-1");
    trace.asked(
        new ModelRef("m", "", ""), "blue", List.of(new EmbedInput.Text(CANARY + " and more")));
    trace.accepted(new ModelLabels("m", "3", "fp32"), arrived);
    trace.decoded(2_000);
    trace.queued(1, 7, 3_000);
    trace.ran(new CallTiming(4_000, 50_000, 8));
    trace.answered(6_000, 70_000);
    clock.set(arrived + 80_000);
    trace.ended(OK);
  }

  private void fail(Requests requests, RequestEnd end) {
    begin(requests, Map.of()).ended(end);
  }

  @Test
  void aLineSaysEverythingThatIsKnown() {
    answerWhole(
        requests(1, 10),
        Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
    assertThat(lines())
        .singleElement()
        .asString()
        .matches("\\{\"time\":\"[^\"]+\",\"level\":\"info\",\"logger\":\"dev.sluice.requests\",.*")
        .endsWith(
            "\"message\":\"request\",\"protocol\":\"http\",\"method\":\"POST\","
                + "\"path\":\"/v1/embeddings\",\"status\":200,\"outcome\":\"ok\","
                + "\"request_id\":\"id-1\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                + "\"model\":\"m\",\"version\":\"3\",\"variant\":\"fp32\",\"rows\":1,\"tokens\":7,"
                + "\"batch_rows\":8,\"receive_us\":1,\"decode_us\":2,\"encode_us\":3,"
                + "\"queue_us\":4,\"compute_us\":50,\"split_us\":6,\"respond_us\":10,"
                + "\"total_us\":81,\"bytes_in\":20,\"bytes_out\":300,"
                + "\"peer\":\"127.0.0.1:4711\",\"tenant\":\"blue\"}");
  }

  @Test
  void onATerminalTheFieldsFollowTheMessageAsJson() {
    format = LogFormat.TEXT;
    answerWhole(requests(1, 10), Map.of());
    assertThat(lines())
        .singleElement()
        .asString()
        .matches(
            "[0-9:.]+ INFO  requests: request \\{\"protocol\":\"http\",.*\"tenant\":\"blue\"}");
  }

  @Test
  void theSampleDecidesAboutWhatWasAnswered() {
    answerWhole(requests(0, 10), Map.of());
    assertThat(lines()).isEmpty();

    double[] draws = {0.0, 0.24, 0.25, 0.9};
    int[] next = {0};
    Requests quarter = requests(0.25, 10, false, () -> draws[next[0]++]);
    for (int i = 0; i < draws.length; i++) {
      answerWhole(quarter, Map.of());
    }
    assertThat(lines()).hasSize(2);
  }

  @Test
  void whatFailedAlwaysGetsALineWithTheReasonThatTheClientWasTold() {
    Requests requests = requests(0, 10);
    RequestTrace trace = begin(requests, Map.of("x-request-id", "from-header"));
    trace.asked(new ModelRef("nobody", "", ""), "", List.of());
    trace.failed(new Problem.NotFound("there is no model 'nobody'"));
    trace.ended(new RequestEnd(404, Outcome.NOT_FOUND, "", 0, 0));
    RequestTrace broken = begin(requests, Map.of());
    broken.failed(new Problem.Internal("internal error (error id 42)", "42"));
    broken.ended(new RequestEnd(500, Outcome.INTERNAL, "", 0, 0));

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0))
        .contains(
            "\"level\":\"info\"",
            "\"outcome\":\"not_found\"",
            "\"request_id\":\"from-header\"",
            "\"model\":\"nobody\"",
            "\"reason\":\"there is no model 'nobody'\"");
    assertThat(lines().get(1))
        .contains("\"level\":\"warn\"", "\"outcome\":\"internal\"", "\"error_id\":\"42\"");
  }

  @Test
  void aRequestEndsOnce() {
    Requests requests = requests(1, 10);
    RequestTrace trace = begin(requests, Map.of());
    trace.ended(OK);
    trace.failed(new Problem.Cancelled("late"));
    trace.ended(BAD);
    assertThat(lines()).singleElement().asString().contains("\"outcome\":\"ok\"");
  }

  @Test
  void aFloodOfMistakesGetsSoManyLinesASecondAndACountOfTheRest() {
    Requests requests = requests(0, 3);
    for (int i = 0; i < 1000; i++) {
      fail(requests, BAD);
    }
    assertThat(lines()).hasSize(3);
    requests.tick();
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(3))
        .contains("\"suppressed_client_mistakes\":997", "\"suppressed_server_failures\":0");

    requests.tick();
    clock.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
    fail(requests, BAD);
    assertThat(lines()).hasSize(4);
    clock.addAndGet(1);
    fail(requests, BAD);
    assertThat(lines()).hasSize(5);
  }

  @Test
  void mistakesOfClientsDoNotCrowdOutFailuresOfTheServer() {
    Requests requests = requests(0, 1);
    fail(requests, BAD);
    fail(requests, BAD);
    fail(requests, new RequestEnd(503, Outcome.UNAVAILABLE, "", 0, 0));
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).contains("\"outcome\":\"unavailable\"");
  }

  @Test
  void noLinesAtAllCanBeHad() {
    Requests requests = requests(0, 0);
    fail(requests, BAD);
    requests.tick();
    assertThat(lines()).isEmpty();
  }

  @Test
  void aWorkerWithoutRoomLosesLinesAndCountsThem() {
    Logging.configure(LogLevel.INFO, format, printed, Path.of("/"));
    RequestLog log = new RequestLog(new RequestLog.Rules(1, 10, false), () -> 0, clock::get);
    Requests requests =
        new Requests(
            log,
            null,
            clock::get,
            task -> {
              throw new RejectedExecutionException();
            });
    answerWhole(requests, Map.of());
    assertThat(lines()).isEmpty();
    requests.tick();
    assertThat(lines()).singleElement().asString().contains("\"lost\":1");
  }

  @Test
  void textsAreShownOnlyIfAskedForAndThenTheirBeginnings() {
    answerWhole(requests(1, 10), Map.of());
    assertThat(lines()).singleElement().asString().doesNotContain(CANARY);

    Requests open = requests(1, 10, true, () -> 0.5);
    RequestTrace trace = begin(open, Map.of());
    EmbedInput tokens = new EmbedInput.Tokens(new int[] {1});
    EmbedInput text = new EmbedInput.Text(CANARY + "x".repeat(LoggedTexts.LONGEST));
    trace.asked(new ModelRef("m", "", ""), "", List.of(tokens, text, text, text, text, text));
    trace.ended(OK);
    String shown = "\"" + CANARY + "x".repeat(LoggedTexts.LONGEST - CANARY.length()) + "...\"";
    assertThat(lines().get(1))
        .endsWith("\"texts\":[" + String.join(",", List.of(shown, shown, shown, shown)) + "]}");
  }

  @Test
  void aClientCannotForgeALineOrMakeAHugeOne() {
    String attack = "x\"}\r\n{\"level\":\"error\"\u001b[2J\u2028\u202e\ud800" + "y".repeat(100_000);
    for (LogFormat each : List.of(LogFormat.JSON, LogFormat.TEXT)) {
      format = each;
      printed.reset();
      Requests requests = requests(0, 10);
      RequestTrace trace = requests.begin(new Head(Map.of(), "/" + attack), 0);
      trace.named(attack);
      trace.asked(new ModelRef(attack, attack, attack), attack, List.of());
      trace.failed(new Problem.Invalid("f", attack));
      trace.ended(BAD);
      assertThat(lines())
          .singleElement()
          .asString()
          .hasSizeLessThan(5_000)
          .contains("x\\\"}\\u000d\\n{\\\"level\\\":\\\"error\\\"\\u001b[2J\\u2028\\u202e\\ud800y")
          .doesNotContainPattern("[\\p{Cntrl}\u2028\u202e]");
    }
  }

  @Test
  void aTraceIdThatIsMalformedIsLeftOut() {
    String id = "4bf92f3577b34da6a3ce929d0e0e4736";
    String span = "00f067aa0ba902b7";
    assertThat(TraceParent.traceId("00-" + id + "-" + span + "-01")).isEqualTo(id);
    assertThat(TraceParent.traceId("cc-" + id + "-" + span + "-01-what-comes")).isEqualTo(id);
    for (String bad :
        List.of(
            "",
            "00-" + id + "-" + span,
            "00-" + id + "-" + span + "-01-more",
            "ff-" + id + "-" + span + "-01",
            "00-" + "0".repeat(32) + "-" + span + "-01",
            "00-" + id + "-" + "0".repeat(16) + "-01",
            "00-" + id.substring(1) + "G-" + span + "-01")) {
      assertThat(TraceParent.traceId(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void stagesNeverOverlapNorLeaveTheRequestWhateverWasMeasured() {
    StageMarks marks = new StageMarks(100);
    marks.arrived(90);
    marks.decoded(5);
    marks.queued(10);
    // Of a call in two batches: the longest run was not the last one.
    marks.ran(new CallTiming(50, 500, 4));
    marks.answered(20, 200);
    Stages stages = marks.stages(250);
    assertThat(stages.totalNanos()).isEqualTo(150);
    long at = 0;
    for (Stages.Part part : stages.parts()) {
      assertThat(part.fromNanos()).isGreaterThanOrEqualTo(at);
      assertThat(part.untilNanos()).isBetween(part.fromNanos(), 150L);
      at = part.untilNanos();
    }
    assertThat(stages.parts()).extracting(Stages.Part::step).containsExactly(Stages.Step.values());
  }
}
