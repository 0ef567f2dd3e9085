// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.cli.Sluice;
import dev.sluice.server.cli.Surroundings;
import dev.sluice.server.doctor.EngineFacts;
import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.Target;
import dev.sluice.server.slo.Verdict;
import dev.sluice.server.telemetry.Exposition;
import dev.sluice.server.telemetry.HistogramLogs;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.admin.AdminParts;
import dev.sluice.server.transport.admin.AdminServer;
import dev.sluice.server.transport.admin.AdminSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command against a real admin port, and against servers that are none. */
final class SloCheckCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<SloReport.Model> models = new ArrayList<>();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    Telemetry telemetry = new Telemetry(() -> 0);
    server =
        AdminServer.start(
            InetAddress.getLoopbackAddress(),
            0,
            AdminSettings.defaults(),
            new AdminParts(
                new Exposition(telemetry, more -> {}, () -> 0, "1"),
                new HistogramLogs(telemetry),
                () -> new SloReport(models),
                Optional::empty,
                () -> true,
                List::of,
                new NoLevels(),
                telemetry));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static final class NoLevels implements AdminParts.LevelControl {
    @Override
    public String level() {
      return "info";
    }

    @Override
    public boolean set(String level) {
      return false;
    }
  }

  private static SloReport.Model model(String name, SloReport.Status... statuses) {
    return new SloReport.Model(name, !name.equals("gone"), List.of(statuses));
  }

  private static SloReport.Status latency(Verdict verdict) {
    return new SloReport.Status(
        new Objective.Latency(
            "p99.9", new Target(999_000), Duration.ofMillis(50), Duration.ofMinutes(5), 100),
        verdict,
        "",
        OptionalDouble.of(48_123_456),
        12_000,
        11_994,
        0.5,
        0.25);
  }

  private static SloReport.Status availability(Verdict verdict, String reason) {
    return new SloReport.Status(
        new Objective.Availability("up", new Target(995_000), Duration.ofHours(1), 200),
        verdict,
        reason,
        reason.isEmpty() ? OptionalDouble.of(98.5) : OptionalDouble.empty(),
        reason.isEmpty() ? 200 : 0,
        reason.isEmpty() ? 197 : 0,
        reason.isEmpty() ? 3 : 0,
        0);
  }

  @Test
  void everythingMetIsZeroAndATable() {
    models.add(model("m", latency(Verdict.PASS)));
    assertThat(check()).isZero();
    assertThat(lines())
        .containsExactly(
            "model objective verdict promise measured window good of budget left burn rate short",
            "m p99.9 pass p99.9 <= 50ms 48.12ms 5m 11994 12000 50% 0.5 0.25",
            "pass");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aBreachIsNinetyNineWhateverElseThereIs() {
    models.add(model("gone", availability(Verdict.NO_DATA, "no requests")));
    models.add(model("m", latency(Verdict.PASS), availability(Verdict.BREACH, "")));
    assertThat(check()).isEqualTo(99);
    assertThat(lines())
        .contains(
            "gone up no data >= 99.5% - 1h 0 0 100% 0 0 not loaded; no requests",
            "m up breach >= 99.5% 98.5% 1h 197 200 -200% 3 0", "breach");
  }

  @Test
  void tooLittleToTellIsNinetyEightAndSoIsNoObjective() {
    models.add(model("m", latency(Verdict.PASS)));
    models.add(model("n", availability(Verdict.NO_DATA, "no requests")));
    assertThat(check()).isEqualTo(98);
    assertThat(check("--model", "m")).isZero();
    assertThat(check("--model", "n")).isEqualTo(98);
    assertThat(check("--model", "no&such=1 #")).isEqualTo(98);
    assertThat(lines()).containsExactly("no objectives", "no data");
  }

  @Test
  void jsonIsWhatTheAdminPortSays() {
    models.add(model("m", latency(Verdict.BREACH)));
    assertThat(check("--json")).isEqualTo(99);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"verdict":"BREACH","models":[{"model":"m","loaded":true,"verdict":"BREACH",\
            "objectives":[{"name":"p99.9","verdict":"BREACH","reason":"",\
            "latency":{"percentile":99.9,"under_ms":50.0,"measured_ms":48.123456},\
            "window_seconds":300.0,"min_requests":100,"total":12000,"good":11994,\
            "budget_left":0.5,"burn_rate":0.5,"burn_rate_short":0.25}]}]}
            """);
  }

  @Test
  void noServerIsAFailure() throws Exception {
    // Bound, so that nobody else gets the port, but listening to nobody.
    try (Socket deaf = new Socket()) {
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThat(run("slo-check", "--url", "http://127.0.0.1:" + deaf.getLocalPort())).isEqualTo(1);
      assertThat(complaint()).isEqualTo("sluice: UNREACHABLE: no connection\n");
    }
  }

  @Test
  void whatIsNoAnswerOfAnAdminPortIsAFailure() throws Exception {
    assertThat(against("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")).isEqualTo(1);
    assertThat(complaint()).isEqualTo("sluice: FAILED: the server answered 404 to /slo\n");
    String ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    assertThat(against(ok + "<html>")).isEqualTo(1);
    assertThat(complaint())
        .isEqualTo("sluice: UNREADABLE: the answer is not that of an admin port\n");
    assertThat(against(ok + "{\"verdict\":\"SPLENDID\"}")).isEqualTo(1);
    assertThat(complaint()).startsWith("sluice: UNREADABLE");
    assertThat(against(ok + "{\"models\":[]}")).isEqualTo(1);
    assertThat(complaint()).isEqualTo("sluice: UNREADABLE: the answer has no verdict\n");
    assertThat(against("SSH-2.0-hello\r\n")).isEqualTo(1);
    assertThat(complaint()).startsWith("sluice: UNREADABLE");
    assertThat(against("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n")).isEqualTo(1);
    assertThat(complaint()).isEqualTo("sluice: FAILED: the server answered 302 to /slo\n");
    assertThat(out.size()).isZero();
  }

  @Test
  void aNewerServersAnswerIsReadAndItsControlCharactersAreNotPrinted() throws Exception {
    String body =
        "{\"verdict\":\"PASS\",\"new\":{},\"models\":[{\"model\":\"a\\u001b[31m\","
            + "\"objectives\":[{\"name\":\"n\",\"verdict\":\"PASS\",\"more\":1}]}]}";
    assertThat(against("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + body)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("a?[31m").doesNotContain("\u001b");
  }

  @Test
  void aServerThatTricklesOrSaysNothingIsNotWaitedForBeyondTheTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(ask(silent, "--timeout", "200ms")).isEqualTo(1);
      assertThat(complaint()).isEqualTo("sluice: UNREACHABLE: no answer in time\n");
    }
    try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread trickle = Thread.ofPlatform().daemon(true).start(() -> trickle(slow));
      assertThat(ask(slow, "--timeout", "500ms")).isEqualTo(1);
      assertThat(complaint()).isEqualTo("sluice: UNREACHABLE: no answer in time\n");
      trickle.join();
    }
  }

  /** A byte now and then, each well within any limit on a single read, without end. */
  private static void trickle(ServerSocket slow) {
    try (Socket client = slow.accept();
        OutputStream answer = client.getOutputStream()) {
      answer.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
      client.setSoTimeout(20);
      while (true) {
        answer.write(' ');
        answer.flush();
        pause(client.getInputStream());
      }
    } catch (IOException gone) {
      return;
    }
  }

  /** Waits as long as the socket's own limit lets it. */
  private static void pause(InputStream in) throws IOException {
    try {
      while (in.read() >= 0) {}
    } catch (java.net.SocketTimeoutException paused) {
      return;
    }
  }

  @Test
  void aBadUrlOrTimeoutIsBadUsage() {
    for (String url :
        List.of(
            "here",
            "127.0.0.1:8002",
            "ftp://a:1",
            "http://a:70000",
            "http://a/x",
            "http://",
            "http://[:::]:1")) {
      assertThat(run("slo-check", "--url", url)).as(url).isEqualTo(2);
      assertThat(complaint()).startsWith("sluice: --url must be http://HOST:PORT");
    }
    assertThat(run("slo-check", "--timeout", "0s")).isEqualTo(2);
    assertThat(run("slo-check", "--timeout", "soon")).isEqualTo(2);
    assertThat(run("slo-check", "--modle", "m")).isEqualTo(2);
    assertThat(complaint()).contains("did you mean --model?");
  }

  private int check(String... more) {
    return ask("http://127.0.0.1:" + server.port() + "/", more);
  }

  /** Asks a server that gives this answer to its first client, and nothing else. */
  private int against(String answer) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server =
          Thread.ofPlatform()
              .daemon(true)
              .start(
                  () -> {
                    try (Socket client = listener.accept()) {
                      byte[] request = new byte[4096];
                      int read = client.getInputStream().read(request);
                      assertThat(new String(request, 0, read, US_ASCII))
                          .startsWith("GET /slo HTTP");
                      client.getOutputStream().write(answer.getBytes(US_ASCII));
                    } catch (IOException gone) {
                      return;
                    }
                  });
      int code = ask(listener);
      server.interrupt();
      return code;
    }
  }

  private int ask(ServerSocket listener, String... more) {
    return ask("http://127.0.0.1:" + listener.getLocalPort(), more);
  }

  private int ask(String url, String... more) {
    List<String> args = new ArrayList<>(List.of("slo-check", "--url", url));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    EngineFacts none = new EngineFacts(List.of(), List.of(), Optional.empty());
    return Sluice.run(
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Path.of("/"),
            () -> none,
            config -> 0),
        args);
  }

  /** The lines with their columns a space apart. */
  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }

  private String complaint() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
