// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.LoadTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real server: each kind of call, each source of a description. */
final class LoadTestCommandTest {
  @TempDir private Path folder;
  private GreeterServer server;

  @BeforeEach
  void start() throws IOException {
    server = new GreeterServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private LoadTest run(String method, String... flags) throws InterruptedException {
    List<String> args = new ArrayList<>(List.of("--insecure", "-O", "json", server.host()));
    args.addAll(List.of("--proto", GreeterServer.proto().toString()));
    args.addAll(List.of("--call", "greet.Greeter/" + method));
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static JsonNode good(LoadTest ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    return ran.json();
  }

  private static void allOk(JsonNode report, int count) {
    assertThat(report.path("count").asInt()).isEqualTo(count);
    assertThat(report.path("statusCodeDistribution").toString())
        .isEqualTo("{\"OK\":" + count + "}");
  }

  @Test
  void aRunThatMeasuredNothingSaysSo() throws Exception {
    LoadTest ran =
        run("Hello", "-d", "{\"name\":\"hang\"}", "-z50ms", "-t0", "--duration-stop=ignore");
    assertThat(ran.json().path("count").asInt()).isZero();
    assertThat(ran.err()).contains("nothing was measured: no call ended that was due");
  }

  @Test
  void unaryCallsOfAProtoFileAreReportedAsGhzDoes() throws Exception {
    LoadTest ran =
        run("Hello", "-n", "30", "-c", "3", "-d", "{\"name\":\"n{{.RequestNumber}}\"}", "--name=x");
    JsonNode report = ran.json();
    assertThat(ran.code()).isZero();
    allOk(report, 30);
    assertThat(server.names)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 30).mapToObj(i -> "n" + i).toList());
    assertThat(server.timeouts).hasSize(30).containsOnly("20000000u");
    assertThat(report.path("endReason").asText()).isEqualTo("normal");
    assertThat(report.path("details")).hasSize(30);
    assertThat(report.path("latencyDistribution")).hasSize(7);
    assertThat(report.path("histogram")).hasSize(11);
    JsonNode options = report.path("options");
    assertThat(options.path("call").asText()).isEqualTo("greet.Greeter/Hello");
    assertThat(options.path("total").asInt()).isEqualTo(30);
    assertThat(options.path("data").path("name").asText()).isEqualTo("n{{.RequestNumber}}");
    assertThat(report.path("fastest").asLong()).isPositive();
    assertThat(report.path("total").asLong())
        .isGreaterThanOrEqualTo(report.path("slowest").asLong());
    assertThat(report.path("sluice").path("serviceTime").path("count").asInt()).isEqualTo(30);
  }

  @Test
  void aProtosetDescribesTheMethodToo() throws Exception {
    Path protoset = folder.resolve("greeter.protoset");
    byte[] set =
        FileDescriptorSet.newBuilder()
            .addFile(GreeterServer.file().toProto())
            .build()
            .toByteArray();
    Files.write(protoset, set);
    LoadTest ran =
        LoadTest.run(
            "--insecure",
            "--protoset=" + protoset,
            "--call=greet.Greeter.Hello",
            "-n5",
            "-c1",
            "-Ojson",
            server.host());
    allOk(good(ran), 5);
  }

  @Test
  void otherwiseTheServerIsAsked() throws Exception {
    LoadTest ran =
        LoadTest.run(
            "--insecure",
            "--call=grpc.health.v1.Health/Check",
            "-n5",
            "-c1",
            "-Ojson",
            server.host());
    allOk(good(ran), 5);
  }

  @Test
  void aClientStreamSendsItsArrayAndWithACountBeginsAnew() throws Exception {
    String data = "[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]";
    allOk(good(run("Collect", "-n2", "-c1", "-d", data)), 2);
    assertThat(server.names).containsExactly("a", "b", "c", "a", "b", "c");
    server.names.clear();
    allOk(good(run("Collect", "-n1", "-c1", "-d", data, "--stream-call-count=5")), 1);
    assertThat(server.names).containsExactly("a", "b", "c", "a", "b");
  }

  @Test
  void aClientStreamEndsWhenItsTimeIsOver() throws Exception {
    allOk(
        good(
            run(
                "Collect",
                "-n1",
                "-c1",
                "-d{\"name\":\"a\"}",
                "--stream-interval=1ms",
                "--stream-call-duration=200ms")),
        1);
    assertThat(server.names).hasSizeBetween(1, 201).containsOnly("a");
  }

  @Test
  void aServerStreamIsReadToItsEndOrAsFarAsWasAsked() throws Exception {
    allOk(good(run("Expand", "-n3", "-c1", "-d{\"count\":2000}")), 3);
    // A stream that is left at the limit has not failed.
    allOk(good(run("Expand", "-n3", "-c1", "-d{\"count\":2000}", "--stream-call-count=2")), 3);
  }

  @Test
  void aStreamOfBothSidesSendsWhileItReads() throws Exception {
    allOk(good(run("Chat", "-n2", "-c2", "-d[{\"name\":\"a\"},{\"name\":\"b\"}]")), 2);
    assertThat(server.names).containsExactlyInAnyOrder("a", "a", "b", "b");
    server.names.clear();
    allOk(good(run("Chat", "-n1", "-c1", "-d{\"name\":\"a\"}", "--stream-call-count=1000")), 1);
    assertThat(server.names).hasSize(1_000);
  }

  @Test
  void theTemplateOfAStreamIsFilledOncePerCallOrPerMessage() throws Exception {
    String data = "{\"name\":\"{{newUUID}}\"}";
    run("Chat", "-n2", "-c1", "-d", data, "--stream-call-count=3");
    assertThat(Set.copyOf(server.names)).hasSize(2);
    server.names.clear();
    run("Chat", "-n2", "-c1", "-d", data, "--stream-call-count=3", "--stream-dynamic-messages");
    assertThat(Set.copyOf(server.names)).hasSize(6);
  }

  @Test
  void metadataIsSentWithEveryCall() throws Exception {
    run("Hello", "-n3", "-c1", "-m{\"tenant\":\"t{{.RequestNumber}}\"}");
    assertThat(server.tenants).containsExactly("t0", "t1", "t2");
  }

  @Test
  void dataComesFromFilesAndStdin() throws Exception {
    Path json =
        Files.writeString(folder.resolve("data.json"), "[{\"name\":\"a\"},{\"name\":\"b\"}]");
    run("Hello", "-n4", "-c1", "-D", json.toString());
    assertThat(server.names).containsExactly("a", "b", "a", "b");
    server.names.clear();
    Path binary = Files.write(folder.resolve("data.bin"), new byte[] {10, 1, 'z'});
    run("Hello", "-n1", "-c1", "-B", binary.toString());
    LoadTest.reading(
        "{\"name\":\"y\"}".getBytes(StandardCharsets.UTF_8),
        "--insecure",
        "--proto=" + GreeterServer.proto(),
        "--call=greet.Greeter/Hello",
        "-n1",
        "-c1",
        "-d@",
        server.host());
    assertThat(server.names).containsExactly("z", "y");
  }

  @Test
  void failuresAreCountedAndDoNotFailTheRun() throws Exception {
    LoadTest ran = run("Hello", "-n4", "-c1", "-d[{\"name\":\"a\"},{\"name\":\"fail\"}]");
    assertThat(ran.code()).isZero();
    assertThat(ran.json().path("statusCodeDistribution").toString())
        .isEqualTo("{\"InvalidArgument\":2,\"OK\":2}");
    assertThat(ran.json().path("errorDistribution").toString())
        .isEqualTo("{\"rpc error: code = InvalidArgument desc = no such name\":2}");
    LoadTest hanging = run("Hello", "-n2", "-c2", "-d{\"name\":\"hang\"}", "-t200ms");
    assertThat(hanging.json().path("errorDistribution").toString())
        .isEqualTo("{\"rpc error: code = DeadlineExceeded desc = context deadline exceeded\":2}");
  }

  @Test
  void connectionsAndCompressionAreAsAsked() throws Exception {
    allOk(
        run(
                "Hello",
                "-n30",
                "-c6",
                "--connections=3",
                "-e",
                "--keepalive=10s",
                "--lb-strategy=round_robin",
                "-d{\"name\":\"{{.WorkerID}}\"}")
            .json(),
        30);
    assertThat(server.names).contains("g0c0", "g1c1", "g2c2");
  }

  @Test
  void aFileOfOptionsIsRunAsInGhz() throws Exception {
    Path config = folder.resolve("ghz.json");
    Files.writeString(
        config,
        """
        {"proto": "%s", "call": "greet.Greeter.Hello", "total": 12, "concurrency": 4,
         "insecure": true, "data": {"name": "Joe"}, "format": "json", "host": "%s"}
        """
            .formatted(GreeterServer.proto(), server.host()));
    allOk(LoadTest.run("--config", config.toString()).json(), 12);
  }

  @Test
  void aRateIsMetFromTheIntendedStart() throws Exception {
    JsonNode report = run("Hello", "-r200", "-n50").json();
    allOk(report, 50);
    assertThat(report.path("sluice").path("latencyFrom").asText()).isEqualTo("intended");
    // However late the machine sent them: what they count from are the times at which they were
    // due.
    long[] due = new long[50];
    for (int i = 0; i < due.length; i++) {
      JsonNode detail = report.path("details").path(i);
      OffsetDateTime answered = OffsetDateTime.parse(detail.path("timestamp").asText());
      due[i] = nanos(answered) - detail.path("latency").asLong();
    }
    Arrays.sort(due);
    for (int i = 1; i < due.length; i++) {
      assertThat(due[i] - due[i - 1]).isEqualTo(5_000_000);
    }
  }

  private static long nanos(OffsetDateTime time) {
    return time.toEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Test
  void strictReportsHaveNothingThatGhzDoesNotKnow() throws Exception {
    LoadTest ran = run("Hello", "-n5", "-c1", "--ghz-strict");
    assertThat(ran.json().has("sluice")).isFalse();
  }
}
