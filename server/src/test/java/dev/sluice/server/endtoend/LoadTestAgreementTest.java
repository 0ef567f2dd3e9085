// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.command.LoadTestCommand;
import dev.sluice.loadtest.command.Surroundings;
import dev.sluice.proto.v1.SloCheckRequest;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloServiceGrpc;
import dev.sluice.proto.v1.SloStatus;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The server's own check of its objectives and the load tester, over the same calls. Both go by one
 * clock, which moves only while a model runs: what a call takes is the same for both, and known
 * here, so that their figures must agree within what the server's histogram can tell apart.
 */
final class LoadTestAgreementTest {
  private static final String TENSORS = "drawn";
  private static final String TEXTS = "all-minilm-l6-v2";
  private static final int CALLS = 500;
  private static final long MILLI = 1_000_000;

  /** Two digits: of what is in one bucket, the highest is at most so much above the lowest. */
  private static final double RESOLUTION = 1.0 / 128;

  /** Of what is drawn here the median is 20 ms, p95 about 54 ms and p99 about 81 ms. */
  private static final String OBJECTIVES =
      """
      slo:
        "*":
          - {name: p50, percentile: 50, under: 40ms, window: 1h}
          - {name: p50-not, percentile: 50, under: 10ms, window: 1h}
          - {name: p95, percentile: 95, under: 110ms, window: 1h}
          - {name: p95-not, percentile: 95, under: 30ms, window: 1h}
          - {name: p99, percentile: 99, under: 250ms, window: 1h}
          - {name: p99-not, percentile: 99, under: 40ms, window: 1h}
      """;

  private static final List<String> THRESHOLDS =
      List.of("p(50)<40", "p(50)<10", "p(95)<110", "p(95)<30", "p(99)<250", "p(99)<40");

  @TempDir private Path repository;
  @TempDir private Path folder;
  private final SteppedTime time = new SteppedTime();
  private final Gates gates = new Gates();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private AutoCloseable opened = () -> {};
  private boolean begun;

  /** What the command said: its exit code, and its report's key {@code sluice}. */
  private record Ran(int code, Map<?, ?> sluice) {
    List<Map<?, ?>> maps(String key) {
      return ((List<?>) at(sluice, key)).stream().<Map<?, ?>>map(Map.class::cast).toList();
    }
  }

  private static Object at(Map<?, ?> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  private static double number(Map<?, ?> map, String key) {
    return ((Number) at(map, key)).doubleValue();
  }

  private TestServer start(Map<String, String> settings) throws Exception {
    Path config = Files.writeString(folder.resolve("sluice.yaml"), OBJECTIVES);
    TestServer server = TestServer.start(Optional.of(config), settings, gates.on(time));
    opened = server;
    return server;
  }

  @AfterEach
  void stop() throws Exception {
    gates.open();
    thread.shutdownNow();
    opened.close();
    time.close();
  }

  /** The command, on the server's clock. */
  private Future<Integer> load(TestServer server, String... flags) {
    List<String> args =
        new ArrayList<>(
            List.of("--insecure", "-Ojson", "-c1", "-t0", "-n" + CALLS, "--percentiles=50,95,99"));
    args.add("--server-admin=http://127.0.0.1:" + server.server().adminPort());
    THRESHOLDS.forEach(threshold -> args.add("--slo=" + threshold));
    args.addAll(Arrays.asList(flags));
    Surroundings surroundings =
        new Surroundings(
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            time::nanoTime,
            () -> 0,
            this::beginning,
            name -> "",
            1,
            task -> {},
            "test",
            false,
            false);
    return thread.submit(() -> new LoadTestCommand(surroundings).run(args));
  }

  /** A run asks for the date when it is made, and begins a little later. */
  private Instant beginning() {
    if (!begun) {
      begun = true;
      try {
        time.step(Duration.ofSeconds(1));
      } catch (Exception stopped) {
        throw new IllegalStateException(stopped);
      }
    }
    return Instant.EPOCH;
  }

  /** Lets each call take as long as was drawn, however long the machine takes for it. */
  private Ran ran(String model, long[] drawn, Future<Integer> command) throws Exception {
    for (long nanos : drawn) {
      Gate.Run run = gates.of(model).next();
      time.step(Duration.ofNanos(nanos));
      run.go();
    }
    int code = command.get(1, TimeUnit.MINUTES);
    // JSON is YAML too.
    Map<?, ?> report = new Yaml(new SafeConstructor(new LoaderOptions())).load(out.toString());
    assertThat(at(report, "statusCodeDistribution"))
        .as(err.toString())
        .isEqualTo(Map.of("OK", drawn.length));
    return new Ran(code, (Map<?, ?>) at(report, "sluice"));
  }

  private static long[] drawn() {
    SplittableRandom random = new SplittableRandom(42);
    return random
        .longs(CALLS)
        .map(seed -> Math.round(20 * MILLI * Math.exp(0.6 * gaussian(seed))))
        .toArray();
  }

  private static double gaussian(long seed) {
    return new SplittableRandom(seed).nextGaussian();
  }

  private static List<SloStatus> objectives(TestServer server, String model) {
    SloCheckResponse response =
        SloServiceGrpc.newBlockingStub(server.channel())
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .check(SloCheckRequest.newBuilder().setModel(model).build());
    return response.getModels(0).getObjectivesList();
  }

  /** The nearest rank, as both define a percentile. */
  private static long percentile(long[] drawn, double percentage) {
    long[] sorted = drawn.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(percentage / 100 * sorted.length) - 1];
  }

  private static void assertAgreement(List<SloStatus> objectives, long[] drawn, Ran ran) {
    List<Map<?, ?>> percentiles = ran.maps("percentiles");
    assertThat(percentiles).hasSize(3);
    for (int i = 0; i < percentiles.size(); i++) {
      double percentage = number(percentiles.get(i), "percentage");
      double exact = percentile(drawn, percentage);
      // The client's histogram has a digit more than the server's.
      assertThat(number(percentiles.get(i), "serviceTime"))
          .isBetween(exact, exact * (1 + RESOLUTION / 8));
      // A bound is kept to the benefit of the server: it goes by the lower end of a bucket.
      SloStatus judged = objectives.get(2 * i);
      assertThat(judged.getLatency().getPercentile()).isEqualTo(percentage);
      assertThat(judged.getTotal()).isEqualTo(drawn.length);
      assertThat(judged.getLatency().getMeasuredMs() * MILLI)
          .isBetween(exact / (1 + RESOLUTION), exact);
      // What the report shows beside the client's is the upper end of the same bucket.
      assertThat(number(percentiles.get(i), "server")).isBetween(exact, exact * (1 + RESOLUTION));
    }
    Map<?, ?> told = (Map<?, ?>) at((Map<?, ?>) at(ran.sluice(), "server"), "durations");
    assertThat(at(told, "count")).isEqualTo(drawn.length);
  }

  private static void assertSameVerdicts(List<SloStatus> objectives, Ran ran) {
    List<String> client =
        ran.maps("verdicts").stream().map(verdict -> at(verdict, "state").toString()).toList();
    List<String> own =
        objectives.stream()
            .map(objective -> objective.getVerdict().name().replace("BREACH", "FAIL"))
            .toList();
    assertThat(own).containsExactly("PASS", "FAIL", "PASS", "FAIL", "PASS", "FAIL");
    assertThat(client).isEqualTo(own);
    assertThat(ran.code()).isEqualTo(99);
  }

  @Test
  void theyAgreeOnPercentilesAndVerdictsOverGrpc() throws Exception {
    Gates.write(repository, TENSORS, 1, "");
    TestServer server =
        start(
            Map.of(
                "SLUICE_MODELS_REPOSITORIES", repository.toString(),
                "SLUICE_MODELS_LOAD_PROBE", "false",
                "SLUICE_MODELS_WATCH_INTERVAL", "off"));
    long[] drawn = drawn();
    String host = "127.0.0.1:" + server.server().grpcPort();
    Future<Integer> command =
        load(server, "--target=oip", "--model=" + TENSORS, "--lengths=const:1", host);
    Ran ran = ran(TENSORS, drawn, command);
    List<SloStatus> objectives = objectives(server, TENSORS);
    assertAgreement(objectives, drawn, ran);
    assertSameVerdicts(objectives, ran);
  }

  @Test
  void theyAgreeOverHttpToo() throws Exception {
    TestServer server = start(Map.of());
    long[] drawn = drawn();
    String host = "127.0.0.1:" + server.server().httpPort();
    Future<Integer> command =
        load(server, "--target=openai", "--model=" + TEXTS, "--lengths=const:2", host);
    Ran ran = ran(TEXTS, drawn, command);
    List<SloStatus> objectives = objectives(server, TEXTS);
    assertAgreement(objectives, drawn, ran);
    assertSameVerdicts(objectives, ran);
  }
}
