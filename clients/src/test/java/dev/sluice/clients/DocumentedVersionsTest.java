// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of clients names the versions that the build runs. */
final class DocumentedVersionsTest {
  private static final Path ROOT = Path.of(System.getProperty("sluice.root"));

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "pom.xml, <langchain4j.version>, [LangChain4j](#langchain4j)",
        "pom.xml, <spring-ai.version>, [Spring AI](#spring-ai)",
        "pom.xml, <openai-java.version>, [OpenAI for Java](#spring-ai)",
        "pom.xml, <grpc.version>, gRPC for Java",
        "clients/src/test/node/package.json, \"openai\": \", [OpenAI for Node](#openai-for-node)",
        "clients/src/test/node/package.json, grpc-js\": \", [gRPC for Node](#open-inference-protocol)",
      })
  void areThoseThatRun(String file, String before, String client) throws Exception {
    Matcher pinned =
        Pattern.compile(Pattern.quote(before) + "([0-9.]+)")
            .matcher(Files.readString(ROOT.resolve(file)));

    assertThat(pinned.find()).isTrue();
    assertThat(Files.readString(ROOT.resolve("docs/clients.md")))
        .contains("| " + client + " | " + pinned.group(1) + " |");
  }
}
