// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code sluice serve} from the built distribution, on free ports, ready. Its log stays in {@code
 * target}; it is ended with SIGTERM, and must end well.
 */
final class RunningServer implements AutoCloseable {
  /** What is served when nothing else is asked for. */
  static final String MODEL = "all-minilm-l6-v2";

  private final Process process;
  private final Path log;
  private final Thread killer;
  private final int httpPort;
  private final int grpcPort;
  private final int adminPort;

  private RunningServer(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    this.httpPort = port(out, "HTTP listens on ");
    this.grpcPort = port(out, "gRPC listens on ");
    this.adminPort = port(out, "metrics and admin on ");
    awaitLine(out, "ready");
  }

  static RunningServer embeddedModel() throws IOException {
    return start("embedded");
  }

  static RunningServer ofRepository(Path repository) throws IOException {
    return start("repository", "--model-repository", repository.toString());
  }

  /** The embedded model, as the file says. */
  static RunningServer withConfig(Path file) throws IOException {
    return start("configured", "--config", file.toString());
  }

  private static RunningServer start(String name, String... arguments) throws IOException {
    Path distribution = Path.of(System.getProperty("sluice.distribution")).normalize();
    Path target = Path.of("target").toAbsolutePath();
    Path log = Files.createDirectories(target).resolve("server-" + name + ".log");
    List<String> command = new ArrayList<>();
    command.add(distribution.resolve("bin").resolve("sluice").toString());
    command.addAll(List.of("serve", "--http-port", "0", "--grpc-port", "0", "--admin-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // What a developer has set for servers of their own is not for this one.
    builder.environment().keySet().removeIf(key -> key.startsWith("SLUICE_") && !isJava(key));
    builder.environment().put("SLUICE_CACHE", target.resolve("sluice-cache").toString());
    builder.environment().put("SLUICE_JAVA_OPTS", "-Xmx1g");
    builder.environment().put("SLUICE_MODELS_OPTIMIZE", "false");
    return new RunningServer(builder.start(), log);
  }

  /** Names the Java that runs a distribution without a runtime of its own. */
  private static boolean isJava(String variable) {
    return variable.equals("SLUICE_JAVA");
  }

  private int port(BufferedReader out, String words) throws IOException {
    String line = awaitLine(out, words);
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  private String awaitLine(BufferedReader out, String words) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(words)) {
        return line;
      }
      assertThat(line).as(this::log).doesNotStartWith("not ");
    }
    throw new AssertionError("the server ended before it said '" + words + "': " + log());
  }

  String http() {
    return "http://127.0.0.1:" + httpPort;
  }

  /** Where the clients of OpenAI are pointed to. */
  String openAi() {
    return http() + "/v1";
  }

  String grpc() {
    return "127.0.0.1:" + grpcPort;
  }

  String admin() {
    return "http://127.0.0.1:" + adminPort;
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(this::log).isTrue();
      Runtime.getRuntime().removeShutdownHook(killer);
      assertThat(process.exitValue()).as(this::log).isZero();
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
