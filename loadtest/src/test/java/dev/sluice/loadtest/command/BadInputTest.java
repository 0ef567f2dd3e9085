// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.LoadTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is told in one line that says what and where, before a call is made. */
final class BadInputTest {
  @TempDir private Path folder;

  private static void told(LoadTest ran, int code, String problem) {
    assertThat(ran.err()).startsWith("sluice: ").contains(problem).doesNotContain("Exception");
    assertThat(ran.err().lines().findFirst().orElse("")).contains(problem);
    assertThat(ran.err().lines().count()).isLessThanOrEqualTo(code == 2 ? 2 : 1);
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.out()).isEmpty();
  }

  private static LoadTest greeting(String host, String... flags) throws InterruptedException {
    List<String> args = new ArrayList<>(List.of("--insecure", "-n1", "-c1", host));
    args.addAll(List.of("--proto", GreeterServer.proto().toString()));
    args.addAll(List.of(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --call=a.B/C --cocurrency=3 x:1|unknown long flag '--cocurrency'; did you mean --concurrency?
          --call=a.B/C|host required
          x:1|call required
          --call=a.B/C x:1 --slo=p(101)<5|--slo: 'p(101)<5': a percentile is from 0 to 100
          --call=a.B/C x:1 --max-regress=speed=5% --baseline=b.json|--max-regress: 'speed=5%'
          --call=a.B/C x:1 --arrival=poisson|arrival poisson needs a rate: --rps or --load-schedule
          --call=a.B/C x:1 --abort-on-fail=1s|abort-on-fail needs a threshold: --slo
          --call=a.B/C x:1 --concurrency-schedule=step --concurrency-start=9 --concurrency-end=3 --concurrency-step-duration=1s|concurrency-step must lead from
          --call=a.B/C x:1 --stability=5%/200x1s|--stability wants 2 to 100 windows
          --config=/nowhere/ghz.json|/nowhere/ghz.json
          """)
  void badUsageIsTwo(String line, String problem) throws Exception {
    told(LoadTest.run(line.split(" ")), 2, problem);
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String host = "127.0.0.1:" + free;
    told(
        greeting(host, "--call=greet.Greeter/Hello"),
        1,
        "cannot connect to " + host + ": Connection refused");
    told(greeting("not a host", "--call=greet.Greeter/Hello"), 1, "not a host");
  }

  @Test
  void aServerThatDoesNotSpeakGrpcIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String host = "127.0.0.1:" + silent.getLocalPort();
      told(
          greeting(host, "--call=greet.Greeter/Hello", "--connect-timeout=300ms"),
          1,
          "cannot connect to " + host + " within 300 ms");
    }
  }

  @Test
  void aMethodThatIsNotThereIsNamedWithTheNearest() throws Exception {
    try (GreeterServer server = new GreeterServer()) {
      String host = server.host();
      told(
          greeting(host, "--call=greet.Greeter/Helo"),
          1,
          "service greet.Greeter has no method Helo; did you mean Hello?");
      told(greeting(host, "--call=greet.Greter/Hello"), 1, "did you mean greet.Greeter?");
      told(greeting(host, "--call=Hello"), 1, "call 'Hello' is no method");
      told(
          LoadTest.run("--insecure", "--call=grpc.health.v1.Helth/Check", host),
          1,
          "did you mean grpc.health.v1.Health?");
    }
  }

  @Test
  void dataThatDoesNotFitIsNamedByItsField() throws Exception {
    try (GreeterServer server = new GreeterServer()) {
      String host = server.host();
      String hello = "--call=greet.Greeter/Hello";
      told(greeting(host, hello, "-d{\"nme\":\"x\"}"), 1, "data.nme");
      told(greeting(host, hello, "-d[{},{\"count\":\"many\"}]"), 1, "data[1].count");
      told(greeting(host, hello, "-d{\"name\":"), 1, "data is not JSON: line 1");
      told(greeting(host, hello, "-d{\"name\":\"{{.Nme}}\"}"), 1, "Nme");
      told(greeting(host, hello, "-d{\"count\":\"{{.UUID}}\"}"), 1, "data.count");
      told(greeting(host, hello, "-m{\"bad key\":\"x\"}"), 1, "metadata.bad key is no valid key");
      told(
          greeting(host, hello, "-D", "/nowhere/data.json"),
          1,
          "data-file: /nowhere/data.json cannot be read");
      told(
          greeting(host, hello, "-B", "/nowhere/data"),
          1,
          "binary-file: /nowhere/data cannot be read");
      assertThat(server.names).isEmpty();
    }
  }

  @Test
  void filesThatCannotBeWrittenAreNamedBeforeTheRun() throws Exception {
    try (GreeterServer server = new GreeterServer()) {
      String hello = "--call=greet.Greeter/Hello";
      for (String flag : List.of("output", "hgrm", "hlog", "junit", "debug")) {
        told(
            greeting(server.host(), hello, "--" + flag + "=/nowhere/file"),
            1,
            flag + ": /nowhere/file cannot be written");
      }
      assertThat(server.names).isEmpty();
    }
  }

  @Test
  void otherFilesAreNamedToo() throws Exception {
    String hello = "--call=greet.Greeter/Hello";
    told(greeting("x:1", hello, "--baseline=/nowhere/b.json"), 2, "/nowhere/b.json");
    told(
        greeting("x:1", hello, "--arrival=file:/nowhere/trace"),
        1,
        "/nowhere/trace cannot be read");
    told(greeting("x:1", hello, "--lb-strategy=rond_robin"), 1, "lb-strategy: 'rond_robin'");
    Path proto = folder.resolve("broken.proto");
    Files.writeString(proto, "syntax = \"proto3\"; message {");
    told(LoadTest.run("--proto=" + proto, "--call=a.B/C", "x:1"), 1, "broken.proto");
  }

  @Test
  void helpNamesEveryFlag() throws Exception {
    LoadTest ran = LoadTest.run("--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains("-n, --total=N", "--load-schedule=const|step|line", "--max-inflight", "--slo")
        .contains("Exit codes:");
    assertThat(ran.out().lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(100);
  }
}
