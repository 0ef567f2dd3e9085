// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import dev.sluice.models.child.ChildEnd;
import dev.sluice.models.child.ChildProcess;
import dev.sluice.models.child.SpecJson;
import dev.sluice.models.serving.ModelLoader;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Loads models in disposable child processes. Each probe starts one JVM with bounded heap and time,
 * and leaves nothing behind: not the process, nor what it started, nor its files. Safe for any
 * number of threads; a probe blocks its caller.
 */
public final class LoadProbe {
  private static final ProbeResult.Failed STOPPED =
      new ProbeResult.Failed("the server stopped while this model was being tried");

  private final String loader;
  private final ProbeLimits limits;
  private final ChildProcess children;

  /**
   * @param loader a public class with a public constructor without arguments, on this class path
   */
  public LoadProbe(Class<? extends ModelLoader> loader, ProbeLimits limits) {
    this.loader = loader.getName();
    this.limits = limits;
    this.children = new ChildProcess(limits.wall());
  }

  /** Whether the model loads. A child that cannot be started counts as a failure too. */
  public ProbeResult probe(ModelSpec spec) throws InterruptedException {
    if (children.stopped()) {
      return STOPPED;
    }
    try {
      Path work = Files.createTempDirectory("sluice-probe");
      try {
        Path file = Files.write(work.resolve("spec.json"), SpecJson.write(spec));
        return run(ProbeCommand.build(loader, work, file, limits));
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      return new ProbeResult.Failed("the process to try this model in did not start: " + e);
    }
  }

  /** Ends the probes that run; every one from now on fails at once. */
  public void stop() {
    children.stop();
  }

  private ProbeResult run(ProcessBuilder command) throws IOException, InterruptedException {
    Optional<ChildEnd> end = children.run(command, line -> {});
    if (children.stopped()) {
      return STOPPED;
    }
    return end.isPresent()
        ? ProbeVerdict.of(end.get(), limits)
        : new ProbeResult.Failed(
            "loading this model did not end within " + limits.wall().toMillis() / 1000.0 + " s");
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
