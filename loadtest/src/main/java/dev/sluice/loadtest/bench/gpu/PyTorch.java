// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.loadtest.bench.Child;
import dev.sluice.models.gpucheck.Contestant;
import dev.sluice.models.gpucheck.ContestantException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch, by a script that an interpreter of this machine runs for as long as it is asked. What it
 * says is taken for what it may be: nothing, nonsense, or too late. For one thread.
 */
final class PyTorch implements Contestant, AutoCloseable {
  private static final String SCRIPT = "torch_encoder.py";
  private static final int MOST_NOTES = 20;
  private static final int MOST_SHOWN = 200;

  private final String python;
  private final Path folder;
  private final Limits limits;
  private final Consumer<String> report;
  private final Consumer<String> progress;
  private int notes;
  private @Nullable Child child;
  private @Nullable TimedLines answers;

  /**
   * How long it may take.
   *
   * @param start to load PyTorch
   * @param prepare to compile for a size of batch
   * @param run to be measured once
   */
  record Limits(Duration start, Duration prepare, Duration run) {
    static final Limits USUAL =
        new Limits(Duration.ofSeconds(120), Duration.ofSeconds(240), Duration.ofSeconds(60));
  }

  /**
   * @param python the interpreter, a path or a name
   * @param folder for the script and what the interpreter complains of
   */
  PyTorch(
      String python,
      Path folder,
      Limits limits,
      Consumer<String> report,
      Consumer<String> progress) {
    this.python = python;
    this.folder = folder;
    this.limits = limits;
    this.report = report;
    this.progress = progress;
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public String open(Sizes sizes) throws ContestantException {
    progress.accept("PyTorch: loading it");
    List<String> command = new ArrayList<>(List.of(python));
    try {
      command.add(script().toString());
      IntStream.of(
              sizes.layers(),
              sizes.hidden(),
              sizes.heads(),
              sizes.feedForward(),
              sizes.words(),
              sizes.positions())
          .forEach(size -> command.add(Integer.toString(size)));
      Child started = Child.start(command, log());
      child = started;
      answers = new TimedLines(started.out(), "what PyTorch says");
    } catch (IOException e) {
      throw new ContestantException(python + " cannot be started: " + e.getMessage(), e);
    }
    return answer("ready", limits.start);
  }

  private Path script() throws IOException {
    try (InputStream in = PyTorch.class.getResourceAsStream(SCRIPT)) {
      Path file = folder.resolve(SCRIPT);
      Files.copy(Objects.requireNonNull(in, SCRIPT), file);
      return file;
    }
  }

  private Path log() {
    return folder.resolve("torch.log");
  }

  @Override
  public void prepare(String batch, int[] lengths) throws ContestantException {
    progress.accept("PyTorch: compiling for " + batch);
    StringBuilder line = new StringBuilder("batch " + batch);
    IntStream.of(lengths).forEach(length -> line.append(' ').append(length));
    say(line.toString());
    answer("ok", limits.prepare);
  }

  @Override
  public double millis(String batch, int repeats) throws ContestantException {
    say("run " + batch + " " + repeats);
    String words = answer("millis", limits.run);
    try {
      double millis = Double.parseDouble(words);
      if (millis > 0 && Double.isFinite(millis)) {
        return millis;
      }
    } catch (NumberFormatException e) {
      throw nonsense("millis " + words);
    }
    throw nonsense("millis " + words);
  }

  private void say(String line) throws ContestantException {
    try {
      Objects.requireNonNull(child, "open first").say(line);
    } catch (IOException e) {
      throw ended();
    }
  }

  /** What follows the word that is the answer wanted. */
  private String answer(String wanted, Duration limit) throws ContestantException {
    while (true) {
      String line =
          switch (next(limit)) {
            case TimedLines.Next.Line(String text) -> text;
            case TimedLines.Next.Late() ->
                throw new ContestantException(
                    "%s said nothing for %.0f s".formatted(python, limit.toMillis() / 1e3));
            case TimedLines.Next.Ended() -> throw ended();
          };
      int blank = line.indexOf(' ');
      String word = blank < 0 ? line : line.substring(0, blank);
      String rest = blank < 0 ? "" : shown(line.substring(blank + 1));
      if (word.equals(wanted)) {
        return rest;
      }
      switch (word) {
        case "note" -> note(rest);
        case "absent", "failed" -> throw new ContestantException(rest);
        default -> throw nonsense(line);
      }
    }
  }

  private TimedLines.Next next(Duration limit) throws ContestantException {
    try {
      return Objects.requireNonNull(answers, "open first").next(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContestantException("interrupted", e);
    }
  }

  private void note(String words) throws ContestantException {
    if (++notes > MOST_NOTES) {
      throw new ContestantException(python + " talks without end");
    }
    report.accept("PyTorch: " + words);
  }

  private ContestantException nonsense(String line) {
    return new ContestantException(python + " answered '" + shown(line) + "'");
  }

  /** Its last words are the reason mostly. */
  private ContestantException ended() {
    String last = "";
    try (Stream<String> lines = Files.lines(log())) {
      last = lines.filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
    } catch (IOException | RuntimeException unreadable) {
      // Then it left no words.
    }
    return new ContestantException(
        python + " ended" + (last.isEmpty() ? "" : ": " + shown(last.strip())));
  }

  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
  }

  @Override
  public void close() {
    if (answers != null) {
      answers.close();
    }
    if (child != null) {
      child.close();
    }
  }
}
