// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that must not outlive the bench: ended by {@link #close}, and by the end of this one
 * however that comes about, SIGKILL excepted. So is what it started.
 */
public final class Child implements AutoCloseable {
  private static final int LOG_TAIL = 2_000;

  private final Process process;
  private final BufferedReader out;
  private final Path log;
  private final Thread hook;

  private Child(Process process, Path log) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
    this.hook = new Thread(this::end, "end of " + process.pid());
  }

  /**
   * @param log where its stderr goes
   */
  public static Child start(List<String> command, Path log) throws IOException {
    Child child = new Child(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    try {
      Runtime.getRuntime().addShutdownHook(child.hook);
      return child;
    } catch (IllegalStateException ending) {
      child.end();
      throw new IOException("the bench is ending", ending);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** What it says; either this is read, or {@link #readLine} is called. */
  public Reader out() {
    return out;
  }

  public void say(String line) throws IOException {
    var in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(line);
    in.newLine();
    in.flush();
  }

  /**
   * @throws IOException with the end of its log when it has ended
   */
  String readLine() throws IOException {
    String line = out.readLine();
    if (line == null) {
      String text = Files.readString(log);
      throw new IOException(
          "a process of the bench has ended: "
              + text.substring(Math.max(0, text.length() - LOG_TAIL)).strip());
    }
    return line;
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // This process is ending: the hook runs, or has run.
    }
  }

  private void end() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
