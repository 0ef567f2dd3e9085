// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real command in a process of its own; its log goes to a file. */
final class ServeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Path log;

  private ServeProcess(Process process, Path log) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /** Inherits the environment, and with it the switches of the native libraries. */
  static ServeProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, Map.of(), arguments);
  }

  static ServeProcess start(Path folder, Map<String, String> variables, String... arguments)
      throws IOException {
    Path log = Files.createTempFile(folder, "serve", ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "dev.sluice.server.Main",
                "serve",
                "--admin-port",
                "0",
                "--http-port",
                "0"));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SLUICE_MODELS_OPTIMIZE", "false");
    builder.environment().putAll(variables);
    return new ServeProcess(builder.start(), log);
  }

  /** Reads on to the line that begins with these words. */
  String awaitLine(String words) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(words)) {
        return line;
      }
    }
    throw new AssertionError("the process ended before it said '" + words + "': " + log());
  }

  int awaitPort() throws IOException {
    return awaitPort("gRPC listens on ");
  }

  /** HTTP's comes first, then gRPC's, then the admin port. */
  int awaitPort(String words) throws IOException {
    String line = awaitLine(words);
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  /** SIGTERM. */
  void terminate() {
    process.toHandle().destroy();
  }

  int exitCode() throws InterruptedException, IOException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after a minute: " + log());
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
