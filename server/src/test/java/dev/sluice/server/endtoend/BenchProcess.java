// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code sluice bench server} in a process of its own, with a temporary folder of its own. */
final class BenchProcess implements AutoCloseable {
  private final Process process;
  private final Path folder;

  private BenchProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /**
   * @param launcher what stands for the launcher of a distribution: lines of a shell script
   */
  static BenchProcess start(Path folder, String launcher, String... arguments) throws IOException {
    Path sluice = Files.writeString(folder.resolve("sluice"), "#!/bin/sh\n" + launcher + "\n");
    if (!sluice.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + sluice);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                "dev.sluice.loadtest.Main",
                "bench",
                "server",
                "--server",
                sluice.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("progress").toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SLUICE_CACHE", TestServer.CACHE.toString());
    builder.environment().put("SLUICE_MODELS_CACHE_DIRECTORY", TestServer.CACHE.toString());
    return new BenchProcess(builder.start(), folder);
  }

  /** The launcher of the real server. */
  static String server() {
    return "exec "
        + java()
        + " -Xmx512m --enable-native-access=ALL-UNNAMED"
        + " dev.sluice.server.Main \"$@\"";
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElseThrow();
  }

  /** All that it prints, to its end. */
  List<String> lines() {
    return process.inputReader(StandardCharsets.UTF_8).lines().toList();
  }

  /** Waits until it has started that many processes. */
  List<ProcessHandle> awaitChildren(int count) throws IOException, InterruptedException {
    List<ProcessHandle> children = process.children().toList();
    while (children.size() < count) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the bench has ended: " + progress());
      }
      children = process.children().toList();
    }
    return children;
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    CtrlC.send(process);
  }

  int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after two minutes: " + progress());
    }
    return process.exitValue();
  }

  String progress() throws IOException {
    return Files.readString(folder.resolve("progress"));
  }

  List<String> leftInTemporaryFolder() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      return left.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> name.startsWith("sluice-bench"))
          .toList();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
