// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** curl, with the ports that the documentation names led to those of the server. */
@ExtendWith(SharedServer.class)
final class CurlTest {
  private static final int REFUSED = 22;
  private static final String TEXT = "water finds its way";
  private static final String REQUEST =
      """
      localhost:8000/v1/embeddings -H 'content-type: application/json' \
      -d '{"model":"all-minilm-l6-v2","input":"water finds its way"}'\
      """;

  private final RunningServer server;
  @TempDir private Path home;

  CurlTest(RunningServer server) {
    this.server = server;
  }

  @BeforeEach
  void needCurl() throws Exception {
    Command.Outcome version = Command.of("curl", "--version").run();
    Skip.unless(version.good(), "no curl here");
    Skip.unless(version.output().contains("HTTP2"), "this curl does not speak HTTP/2");
    Files.writeString(
        home.resolve(".curlrc"),
        """
        silent
        show-error
        fail-with-body
        noproxy = "*"
        connect-to = "localhost:8000:%s"
        connect-to = "localhost:8002:%s"
        """
            .formatted(authority(server.http()), authority(server.admin())));
  }

  private static String authority(String url) {
    return url.substring("http://".length());
  }

  private Command.Outcome shell(String script) throws Exception {
    return Command.of("bash", "-o", "pipefail", "-c", script)
        .with("CURL_HOME", home.toString())
        .run();
  }

  private String answer(String script) throws Exception {
    Command.Outcome outcome = shell(script);
    assertThat(outcome.exitCode()).as("%s%n%s", script, outcome.output()).isZero();
    return outcome.output();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/clients.md"})
  void whatThePagesTellPeopleToTypeWorks(String page) throws Exception {
    List<String> commands = Markdown.page(page).curlCommands();

    assertThat(commands).hasSizeGreaterThanOrEqualTo(2);
    for (String command : commands) {
      assertThat(answer(command)).as(command).containsAnyOf("\"embedding\"", "\"id\"", "# TYPE ");
    }
  }

  @ParameterizedTest
  @CsvSource({"--http1.1, 1.1", "--http2, 2", "--http2-prior-knowledge, 2"})
  void everyWayIntoHttpIsTaken(String flag, String version) throws Exception {
    assertThat(answer("curl " + flag + " localhost:8000/v1/models -w '\\n%{http_version}'"))
        .contains("\"id\":\"" + RunningServer.MODEL + "\"")
        .endsWith("\n" + version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2", "--http2-prior-knowledge"})
  void theVectorIsTheSameOnEveryWayPlainAndCompressed(String flag) throws Exception {
    String plain = answer("curl " + flag + " " + REQUEST);
    String compressed =
        answer("curl --compressed " + flag + " -w '\\n%{size_download}' " + REQUEST);
    int end = compressed.lastIndexOf('\n');

    assertThat(vector(plain)).containsExactly(Reference.embed(server, 0, List.of(TEXT)).get(0));
    assertThat(compressed.substring(0, end)).isEqualTo(plain);
    assertThat(Integer.parseInt(compressed.substring(end + 1))).isLessThan(plain.length());
  }

  @Test
  void aRequestMayBeCompressed() throws Exception {
    String body = "{\"model\":\"" + RunningServer.MODEL + "\",\"input\":\"" + TEXT + "\"}";
    String answer =
        answer(
            "gzip <<< '"
                + body
                + "' | curl localhost:8000/v1/embeddings --data-binary @-"
                + " -H 'content-type: application/json' -H 'content-encoding: gzip'");

    assertThat(vector(answer)).containsExactly(Reference.embed(server, 0, List.of(TEXT)).get(0));
  }

  /** As curl asks by itself before it sends a large body. */
  @Test
  void aBodyIsSentWhenTheServerHasSaidThatItWillTakeIt() throws Exception {
    assertThat(answer("curl --http1.1 -v -H 'expect: 100-continue' " + REQUEST))
        .contains("< HTTP/1.1 100 Continue", "< HTTP/1.1 200 OK", "\"embedding\"");
  }

  @Test
  void refusalsAreSeenByScripts() throws Exception {
    Command.Outcome outcome = shell("curl " + REQUEST.replace(RunningServer.MODEL, "nobody"));

    assertThat(outcome.exitCode()).isEqualTo(REFUSED);
    assertThat(outcome.output()).contains("\"code\":\"model_not_found\"");
  }

  private static float[] vector(String answer) throws Exception {
    JsonNode embedding = new ObjectMapper().readTree(answer).at("/data/0/embedding");
    float[] vector = new float[embedding.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(embedding.get(i).asText());
    }
    return vector;
  }
}
