// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.child.ChildEnd;
import dev.sluice.models.child.ChildJvm;
import dev.sluice.models.child.ChildProcess;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ModelParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Has variants made in child processes of low priority: rewriting and measuring take much memory
 * and time, which a server does not have, and native code that may crash. Safe for any number of
 * threads; an order blocks its caller.
 */
public final class Workshop {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final int HEAP_BASE_MEGABYTES = 384;

  /** A model in memory, changed, and as the bytes of its file. */
  private static final int HEAP_PER_MODEL = 4;

  private final Class<? extends Recipe> recipe;
  private final ChildProcess children = new ChildProcess(LIMIT);

  /**
   * @param recipe a public class on this class path
   */
  public Workshop(Class<? extends Recipe> recipe) {
    this.recipe = recipe;
  }

  /**
   * Makes and measures a variant.
   *
   * @param folder an empty one, for the variant's file, {@code fidelity.json} and {@code
   *     report.txt}
   * @throws EngineException saying why it cannot be made; the folder may then hold anything
   */
  public Receipt make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException {
    requireRunning();
    Path task = folder.resolve("order.json");
    try {
      Files.write(task, OrderJson.write(order));
      int heap = heapMegabytes(order);
      ProcessBuilder command =
          new ChildJvm(folder, heap)
              .yielding()
              .build(Main.class, recipe.getName(), task.toString(), folder.toString());
      Optional<ChildEnd> end = children.run(command, new Steps(progress));
      requireRunning();
      if (end.isEmpty()) {
        throw new EngineException(
            "the variant %s of %s was not made within %d minutes"
                .formatted(order.variant(), order.model().name(), LIMIT.toMinutes()));
      }
      requireMade(order, end.get(), heap);
      Files.delete(task);
      return Receipt.read(folder);
    } catch (IOException e) {
      throw new EngineException(
          "the variant " + order.variant() + " cannot be made in " + folder + ": " + e, e);
    }
  }

  /** Ends what is being made; every order from now on fails at once. */
  public void stop() {
    children.stop();
  }

  private void requireRunning() throws EngineException {
    if (children.stopped()) {
      throw new EngineException("the server stopped while a variant was being made");
    }
  }

  private static int heapMegabytes(Order order) throws EngineException, IOException {
    long bytes = 0;
    for (Path part : ModelParts.of(order.model())) {
      bytes += Files.size(part);
    }
    return Math.toIntExact(HEAP_BASE_MEGABYTES + HEAP_PER_MODEL * (bytes >> 20));
  }

  private static void requireMade(Order order, ChildEnd end, int heapMegabytes)
      throws EngineException {
    String what = "the variant " + order.variant() + " of " + order.model().name();
    if (end.signal().isPresent()) {
      throw new EngineException(
          "the process that made %s crashed (signal %d)".formatted(what, end.signal().getAsInt()));
    }
    if (end.ranOutOfHeap()) {
      throw new EngineException(
          "to make %s takes more than %d MB of Java heap".formatted(what, heapMegabytes));
    }
    String reason =
        end.verdict(Main.VERDICT)
            .map(verdict -> verdict.path("reason").asText())
            .orElseGet(
                () ->
                    "the process that made it ended with code %d and said: %s"
                        .formatted(end.exit(), end.lastLine()));
    if (!reason.isEmpty()) {
      throw new EngineException(what + " cannot be made: " + ChildEnd.oneLine(reason));
    }
  }
}
