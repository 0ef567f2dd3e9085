// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end, within a time far beyond what it needs. */
final class Command {
  private static final int NOT_FOUND = 127;
  private static final int MINUTES = 5;

  /** What it said, on both outputs together. */
  record Outcome(int exitCode, String output) {
    boolean good() {
      return exitCode == 0;
    }
  }

  private final List<String> words;
  private final Map<String, String> environment = new HashMap<>();
  private Path directory = Path.of("").toAbsolutePath();
  private Path input = Path.of("/dev/null");

  private Command(List<String> words) {
    this.words = words;
  }

  static Command of(String... words) {
    return new Command(List.of(words));
  }

  Command in(Path newDirectory) {
    directory = newDirectory;
    return this;
  }

  Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Command reading(Path file) {
    input = file;
    return this;
  }

  /** A program that is not there has the exit code that a shell gives it. */
  Outcome run() throws IOException, InterruptedException {
    Path output = Files.createTempFile("command", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new Outcome(exitCode(builder), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private int exitCode(ProcessBuilder builder) throws InterruptedException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException absent) {
      return NOT_FOUND;
    }
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(words + " still runs after " + MINUTES + " minutes");
      }
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
