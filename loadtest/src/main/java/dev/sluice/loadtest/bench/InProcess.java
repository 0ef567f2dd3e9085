// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.BatchSizes;
import dev.sluice.loadtest.bench.inprocess.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The model without a server: the same loader, texts, lanes and batches, in a JVM with the options
 * of this one. Speaks with it line by line; see {@link Main}.
 */
final class InProcess implements AutoCloseable {
  private final Child child;

  private InProcess(Child child) {
    this.child = child;
  }

  static InProcess start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Child child = Child.start(command, log);
    try {
      String line = child.readLine();
      if (!line.equals(Main.READY)) {
        throw new IOException("the model cannot be run in-process: " + line);
      }
      return new InProcess(child);
    } catch (IOException | RuntimeException failed) {
      child.close();
      throw failed;
    }
  }

  ProcessHandle handle() {
    return child.handle();
  }

  /** Threads that run batches of these sizes, as often as each other as they did there. */
  Work work(int threads, BatchSizes sizes) {
    return new Work() {
      @Override
      public void start() throws IOException {
        ask("start " + threads + " " + sizes.format());
      }

      @Override
      public void record() throws IOException {
        ask("record");
      }

      @Override
      public long completed() throws IOException {
        return Long.parseLong(ask("completed"));
      }

      @Override
      public BatchSizes batches() {
        return new BatchSizes(Map.of());
      }

      @Override
      public Latency stop() throws IOException {
        String[] millis = ask("stop").split(" ", -1);
        return new Latency(Double.parseDouble(millis[0]), Double.parseDouble(millis[1]));
      }
    };
  }

  private String ask(String line) throws IOException {
    child.say(line);
    return child.readLine();
  }

  @Override
  public void close() {
    child.close();
  }
}
