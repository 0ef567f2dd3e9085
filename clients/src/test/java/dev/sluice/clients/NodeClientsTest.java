// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the files of {@code src/test/node}, each a set of tests for Node's own runner. */
@ExtendWith(SharedServer.class)
final class NodeClientsTest {
  private static final Path PROTOS =
      Path.of(System.getProperty("sluice.root"), "proto/src/main/proto");

  @TempDir private Path repository;

  @Test
  void openAi(RunningServer server) throws Exception {
    assertPasses(
        tests("openai.test.mjs")
            .with("SLUICE_HTTP", server.http())
            .with("SLUICE_ADMIN", server.admin()));
  }

  @Test
  void openInferenceProtocol(RunningServer server) throws Exception {
    Command tests = tests("inference.test.mjs");
    SumModel.write(repository.resolve("sum.onnx"));
    try (RunningServer tensors = RunningServer.ofRepository(repository)) {
      assertPasses(
          tests
              .with("SLUICE_PROTOS", PROTOS.toRealPath().toString())
              .with("SLUICE_HTTP", server.http())
              .with("SLUICE_TEXT_GRPC", server.grpc())
              .with("SLUICE_TENSOR_GRPC", tensors.grpc()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/clients.md"})
  void whatThePagesTellPeopleToWriteWorks(String page, RunningServer server) throws Exception {
    Command example = Node.command("example.mjs");
    List<String> examples = Markdown.page(page).blocks("js");
    assertThat(examples).isNotEmpty();
    for (String text : examples) {
      Node.script("example.mjs", text.replace("http://localhost:8000", server.http()));
      Command.Outcome outcome = example.run();

      assertThat(outcome.exitCode()).as("%s%n%s", text, outcome.output()).isZero();
      assertThat(outcome.output()).startsWith("[");
    }
  }

  private static Command tests(String file) throws Exception {
    return Node.command("--test", "--test-reporter=tap", file);
  }

  private static void assertPasses(Command tests) throws Exception {
    Command.Outcome outcome = tests.run();

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("\n# fail 0\n", "\n# skipped 0\n", "\n# todo 0\n");
  }
}
