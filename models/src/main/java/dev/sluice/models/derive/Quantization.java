// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Makes a variant into a folder of its own that a server can serve. The folder appears when all of
 * it is there; until then everything lies in a hidden folder beside it, which {@link #abandon}
 * removes from any thread. For one use.
 */
public final class Quantization {
  private final Workshop workshop;
  private final Order order;
  private final Path target;
  private final Path work;
  private final Object publishing = new Object();
  private boolean abandoned;

  /**
   * @param target must not be there, or be what was made by this before, when {@code replace} is
   *     asked of {@link #requireFree}
   */
  public Quantization(Workshop workshop, Order order, Path target) {
    this.workshop = workshop;
    this.order = order;
    this.target = target.toAbsolutePath().normalize();
    this.work =
        parent(this.target)
            .resolve(".sluice-" + this.target.getFileName() + "-" + ProcessHandle.current().pid());
  }

  /** The folder that the variant goes to. */
  public Path target() {
    return target;
  }

  /**
   * Checks that the target may be written.
   *
   * @param replace whether an earlier variant there may go
   * @throws EngineException saying what is in the way
   */
  public void requireFree(boolean replace) throws EngineException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!replace) {
      throw new EngineException(target + " is there already; --force replaces it");
    }
    if (!Files.isDirectory(target) || !Files.isRegularFile(target.resolve(Receipt.FILE))) {
      throw new EngineException(
          target
              + " was not made by this command, as it has no "
              + Receipt.FILE
              + "; it is not replaced");
    }
    if (order.model().directory().startsWith(target)) {
      throw new EngineException(target + " holds the model itself; it is not replaced");
    }
  }

  /**
   * Makes, measures, completes, publishes.
   *
   * @throws EngineException saying why not; nothing is left behind
   */
  public Receipt run(VariantMaker.Progress progress) throws EngineException, InterruptedException {
    try {
      Path folder = work.resolve(String.valueOf(target.getFileName()));
      Files.createDirectories(parent(target));
      Folders.delete(work);
      Files.createDirectories(folder);
      Receipt made = workshop.make(order, folder, progress);
      Receipt receipt = made.withFile(new ReadyFolder(order.model(), folder).complete(made));
      Files.write(folder.resolve(Receipt.FILE), receipt.json());
      publish(folder);
      return receipt;
    } catch (IOException e) {
      throw new EngineException(target + " cannot be written: " + e, e);
    } finally {
      abandon();
    }
  }

  /** Ends the making and removes what is not published; nothing is published after it. */
  public void abandon() {
    workshop.stop();
    synchronized (publishing) {
      abandoned = true;
      try {
        Folders.delete(work);
      } catch (IOException e) {
        // A hidden folder stays; the next run of this target has another one.
        return;
      }
    }
  }

  private void publish(Path folder) throws IOException, EngineException {
    synchronized (publishing) {
      if (abandoned) {
        throw new EngineException("it was interrupted");
      }
      Path replaced = work.resolve("replaced");
      boolean replace = Files.exists(target);
      if (replace) {
        Files.move(target, replaced);
      }
      try {
        Folders.publish(folder, target);
      } catch (IOException e) {
        if (replace && !Files.exists(target)) {
          Files.move(replaced, target);
        }
        throw e;
      }
    }
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a folder has a parent");
  }
}
