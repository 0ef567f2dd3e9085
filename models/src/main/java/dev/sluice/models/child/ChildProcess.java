// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The children of one kind that run, so that all of them can be ended at once. Safe for any number
 * of threads; a run blocks its caller and leaves nothing behind: not the process, nor what it
 * started.
 */
public final class ChildProcess {
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Duration limit;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  /**
   * @param limit what one child may take, its start included
   */
  public ChildProcess(Duration limit) {
    this.limit = limit;
  }

  /** Whether {@link #stop} was called: an end is then no verdict on anything. */
  public boolean stopped() {
    return stopped;
  }

  /** Ends the children that run; every one from now on is ended at once. */
  public void stop() {
    // Before the look at what runs: a child that is added after it sees this.
    stopped = true;
    running.forEach(Process::destroyForcibly);
  }

  /**
   * Runs one child to its end.
   *
   * @param lines is told each line that it prints, on another thread
   * @return how it ended; empty when it had to be ended after the limit
   */
  public Optional<ChildEnd> run(ProcessBuilder command, Consumer<String> lines)
      throws IOException, InterruptedException {
    Process child = command.start();
    ChildOutput output = new ChildOutput(child.getInputStream(), lines);
    Thread reader = Thread.ofPlatform().daemon().name("child-output").start(output);
    boolean ended = false;
    running.add(child);
    try {
      if (stopped) {
        child.destroyForcibly();
      }
      ended = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
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
    return ended ? Optional.of(new ChildEnd(child.exitValue(), output.text())) : Optional.empty();
  }
}
