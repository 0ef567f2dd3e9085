// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.VariantSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Variants on disk, each made once for the contents of its model and everything else that decides
 * what it becomes. What is found is whole, and of the model as it is now: a model that changes asks
 * for another entry. Safe for any number of threads and processes.
 */
public final class CachedVariants implements VariantMaker {
  private static final Logger log = LoggerFactory.getLogger(CachedVariants.class);

  /** How far the answers of a model that was made faster may be from its own, per component. */
  private static final double SAME = 1e-5;

  private final Entries entries;
  private final Shortcuts shortcuts;
  private final Recipe recipe;
  private final Workshop workshop;
  private final Executor background;
  private final Set<String> tried = ConcurrentHashMap.newKeySet();

  /**
   * @param cache the folder of all caches; derived models lie in {@code derived} in it
   * @param maxBytes what they may take together; beyond it those go that were not used for longest
   * @param recipe a public class with a public constructor without arguments
   * @param background runs what nobody waits for
   */
  public CachedVariants(
      Path cache, long maxBytes, Class<? extends Recipe> recipe, Executor background) {
    this.entries = new Entries(cache.toAbsolutePath().resolve("derived"), maxBytes);
    this.shortcuts = new Shortcuts(entries.shortcuts());
    this.recipe = instance(recipe);
    this.workshop = new Workshop(recipe);
    this.background = background;
  }

  @Override
  public List<String> offered(ModelSpec model) {
    return recipe.offered(model);
  }

  @Override
  public DerivedVariant make(ModelSpec model, String variant, Progress progress)
      throws EngineException, InterruptedException {
    if (!offered(model).contains(variant)) {
      throw new EngineException(
          "model '%s' has no variant '%s': it could be made as %s"
              .formatted(model.name(), variant, offered(model)));
    }
    VariantSettings asked = model.settings().variants();
    return make(
        new Order(model, variant, asked.scheme(), asked.budget(), Optional.empty()), progress);
  }

  /** What is not there is made in the background: to rewrite, load and compare takes seconds. */
  @Override
  public ModelSpec optimized(ModelSpec model) {
    if (model.task() != Task.EMBED || offered(model).isEmpty()) {
      return model;
    }
    Order order =
        new Order(model, Order.FP32, Optional.empty(), FidelityBudget.DEFAULT, Optional.empty());
    try {
      Optional<String> known = shortcuts.find(order, recipe);
      if (known.isPresent()) {
        Optional<Receipt> found = entries.takeUnread(known.get());
        if (found.isPresent()) {
          return chosen(order, known.get(), found.get());
        }
      }
      String key = VariantKey.of(order, recipe).value();
      Optional<Receipt> found = entries.find(key);
      if (found.isPresent()) {
        shortcuts.remember(order, recipe, key, files(key, found.get()));
        return chosen(order, key, found.get());
      }
      if (tried.add(key)) {
        background.execute(() -> makeForNextLoad(order));
      }
    } catch (EngineException | IOException | RejectedExecutionException e) {
      log.warn("model '{}' is served as it is: {}", model.name(), e.toString());
    }
    return model;
  }

  /** Ends what is being made, and makes no more. */
  public void stop() {
    workshop.stop();
  }

  private List<Path> files(String key, Receipt receipt) {
    Path entry = entries.entry(key);
    return List.of(entry.resolve(receipt.file()), entry.resolve(Receipt.FILE));
  }

  private ModelSpec chosen(Order order, String key, Receipt receipt) {
    double error = receipt.fidelity().maxError();
    if (error <= SAME) {
      return Variants.spec(
          order.model(), entries.entry(key).resolve(receipt.file()), receipt.pooled());
    }
    log.warn(
        "model '{}' is served as it is: rewritten, a component is wrong by {}",
        order.model().name(),
        error);
    return order.model();
  }

  private void makeForNextLoad(Order order) {
    try {
      make(order, Progress.NONE);
      log.info(
          "model '{}' was rewritten; from its next load on it is served faster",
          order.model().name());
    } catch (EngineException e) {
      log.warn("model '{}' stays as it is: {}", order.model().name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DerivedVariant make(Order order, Progress progress)
      throws EngineException, InterruptedException {
    try {
      String key = VariantKey.of(order, recipe).value();
      Optional<Receipt> found = entries.find(key);
      if (found.isEmpty()) {
        progress.at("waiting for its turn", 0);
        try (KeyLock lock = entries.lock(key)) {
          log.debug("holding {}", lock);
          found = entries.find(key);
          if (found.isEmpty()) {
            found = Optional.of(makeNow(order, key, progress));
          }
        }
      }
      progress.at("ready", 1);
      Receipt receipt = found.get();
      Path file = entries.entry(key).resolve(receipt.file());
      return new DerivedVariant(
          order.variant(),
          Variants.spec(order.model(), file, receipt.pooled()),
          receipt.fidelity());
    } catch (IOException e) {
      throw new EngineException(
          "the variant %s of %s cannot be kept: %s"
              .formatted(order.variant(), order.model().name(), e),
          e);
    }
  }

  /** Under the key's lock. */
  private Receipt makeNow(Order order, String key, Progress progress)
      throws EngineException, IOException, InterruptedException {
    Path part = entries.begin(key);
    try {
      Receipt receipt = workshop.make(order, part, progress);
      if (!receipt.key().value().equals(key)) {
        throw new EngineException(
            "model '" + order.model().name() + "' changed while its variant was being made");
      }
      entries.publish(key);
    } finally {
      Folders.delete(part);
    }
    return entries
        .find(key)
        .orElseThrow(() -> new IOException("it was damaged while it was written"));
  }

  private static Recipe instance(Class<? extends Recipe> recipe) {
    try {
      return Main.recipe(recipe.getName());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(recipe + " cannot be made", e);
    }
  }
}
