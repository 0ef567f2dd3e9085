// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Loads models in disposable child processes. Each probe starts one JVM with bounded heap and time,
 * and leaves nothing behind: not the process, nor what it started, nor its files. Safe for any
 * number of threads; a probe blocks its caller.
 */
public final class LoadProbe {
  private static final ProbeResult.Failed STOPPED =
      new ProbeResult.Failed("the server stopped while this model was being tried");
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final String loader;
  private final ProbeLimits limits;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /**
   * @param loader a public class with a public constructor without arguments, on this class path
   */
  public LoadProbe(Class<? extends ModelLoader> loader, ProbeLimits limits) {
    this.loader = loader.getName();
    this.limits = limits;
  }

  /** Whether the model loads. A child that cannot be started counts as a failure too. */
  public ProbeResult probe(ModelSpec spec) throws InterruptedException {
    if (stopped) {
      return STOPPED;
    }
    try {
      Path work = Files.createTempDirectory("sluice-probe");
      try {
        Path file = Files.write(work.resolve("spec.json"), SpecJson.write(spec));
        return run(ProbeCommand.build(loader, work, file, limits).start());
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      return new ProbeResult.Failed("the process to try this model in did not start: " + e);
    }
  }

  /** Ends the probes that run; every one from now on fails at once. */
  public void stop() {
    // Before the look at what runs: a child that is added after it sees this.
    stopped = true;
    running.forEach(Process::destroyForcibly);
  }

  private ProbeResult run(Process child) throws InterruptedException {
    ProbeOutput output = new ProbeOutput(child.getInputStream());
    Thread reader = Thread.ofPlatform().daemon().name("probe-output").start(output);
    boolean ended = false;
    running.add(child);
    try {
      if (stopped) {
        child.destroyForcibly();
      }
      ended = child.waitFor(limits.wall().toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      running.remove(child);
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      if (!ended) {
        child.destroyForcibly();
      }
    }
    child.waitFor();
    reader.join(LAST_WORDS);
    // Closes the pipes; sooner, and the verdict might be lost in one.
    child.destroyForcibly();
    if (stopped) {
      return STOPPED;
    }
    if (!ended) {
      return new ProbeResult.Failed(
          "loading this model did not end within " + limits.wall().toMillis() / 1000.0 + " s");
    }
    return ProbeVerdict.of(child.exitValue(), output.text(), limits);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted((a, b) -> b.compareTo(a)).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
