// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.models.repository.Found;
import dev.sluice.models.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a server: what is on disk, what is loaded, what is not and why.
 *
 * <p>All loading and unloading happens on one thread (the {@code loader}), one model at a time, in
 * the order asked for. A model is loaded beside its running version and replaces it only when it is
 * warm; a failed load leaves what runs alone. Only {@link #stop} does not wait for its turn.
 * Readers see an immutable table and never wait.
 */
public final class ModelCatalog implements Catalog {
  private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);

  private final ModelSource source;
  private final Deployer deployer;
  private final VariantWorkshop workshop;
  private final Executor loader;
  private final Problems problems;
  private final ModelBook book = new ModelBook();

  /** Completes when all that was unloaded of a model is freed; for the loader thread alone. */
  private final Map<String, CompletableFuture<Void>> unloading = new HashMap<>();

  /**
   * @param workshop makes variants of what is loaded
   * @param loader where every load and unload runs; must be a single thread
   * @param errorIds makes an id for each failure that is logged
   */
  public ModelCatalog(
      ModelSource source,
      Deployer deployer,
      VariantWorkshop workshop,
      Executor loader,
      Supplier<String> errorIds) {
    this.source = source;
    this.deployer = deployer;
    this.workshop = workshop;
    this.loader = loader;
    this.problems = new Problems(errorIds);
  }

  /** Loads everything that the source has; completes when each model is loaded or given up. */
  public CompletableFuture<Void> start() {
    return CompletableFuture.runAsync(
        () -> {
          List<Found> models = source.scan();
          models.forEach(this::announce);
          models.forEach(this::loadNow);
          book.started();
        },
        loader);
  }

  /** Not ready from now on; what runs goes on running. */
  public void beginDrain() {
    book.beginDrain();
  }

  /**
   * Unloads everything, for good: what is being loaded now will not serve any more.
   *
   * @return completes when all that served is answered and freed
   */
  public CompletableFuture<Void> stop() {
    return retire(book.close());
  }

  ServingTable table() {
    return book.table();
  }

  @Override
  public boolean ready() {
    return book.ready();
  }

  @Override
  public Optional<String> lost() {
    return book.lost();
  }

  @Override
  public boolean modelReady(String name, String version) {
    try {
      return book.table().find(name, version).lost().isEmpty();
    } catch (ProblemException notThere) {
      return false;
    }
  }

  @Override
  public ModelDescription describe(String name, String version) {
    ServingTable seen = book.table();
    return Descriptions.of(seen.find(name, version), seen.versions(name));
  }

  @Override
  public List<ModelStatus> index() {
    return book.index();
  }

  @Override
  public List<ModelStatistics> statistics(String name, String version) {
    ServingTable seen = book.table();
    List<VersionVariants> wanted = new ArrayList<>();
    if (!version.isEmpty()) {
      wanted.add(seen.find(name, version));
    } else if (!name.isEmpty()) {
      seen.find(name, "");
      wanted.addAll(seen.versions(name).values());
    } else {
      Map<String, NavigableMap<Long, VersionVariants>> byName = new TreeMap<>(seen.models());
      byName.values().forEach(versions -> wanted.addAll(versions.values()));
    }
    return wanted.stream()
        .map(VersionVariants::own)
        .map(own -> own.statistics().snapshot(own.name(), own.version()))
        .toList();
  }

  /** Every version that serves, by name and then version. */
  public List<ServedVersion> serving() {
    List<ServedVersion> serving = new ArrayList<>();
    new TreeMap<>(book.table().models())
        .values()
        .forEach(versions -> versions.values().forEach(each -> serving.add(each.summary())));
    return serving;
  }

  @Override
  public void onChange(Runnable listener) {
    book.onChange(listener);
  }

  @Override
  public void load(String name, Reply<String> reply) {
    onLoader(reply, () -> loadAndTell(name, reply));
  }

  private void loadAndTell(String name, Reply<String> reply) {
    if (book.closed()) {
      throw shuttingDown();
    }
    Optional<Found> found = source.find(name);
    if (found.isEmpty()) {
      reply.failed(new Problem.NotFound("the model repository has no model '" + name + "'"));
      return;
    }
    announce(found.get());
    String failure = loadNow(found.get());
    if (failure.isEmpty()) {
      reply.ok(name);
    } else {
      reply.failed(new Problem.Invalid("model_name", "model '" + name + "': " + failure));
    }
  }

  @Override
  public void unload(String name, Reply<String> reply) {
    onLoader(
        reply,
        () -> {
          CompletableFuture<Void> freed =
              unloadNow(name)
                  .orElseThrow(() -> Problems.notFound("there is no model '" + name + "'"));
          then(freed, () -> reply.ok(name));
        });
  }

  /** Takes a model that has left the repository out of service and out of the index. */
  void forget(String name) {
    loader.execute(
        () -> {
          book.leave(name);
          unloadNow(name).ifPresent(freed -> then(freed, () -> book.forget(name)));
        });
  }

  /** Retiring never fails, so there is nobody to tell. */
  private static void then(CompletableFuture<Void> freed, Runnable action) {
    var unused = freed.thenRun(action);
  }

  private void onLoader(Reply<String> reply, Runnable task) {
    try {
      loader.execute(
          () -> {
            try {
              task.run();
            } catch (Throwable unforeseen) {
              reply.failed(problems.unforeseen(unforeseen));
            }
          });
    } catch (RejectedExecutionException shutDown) {
      reply.failed(shuttingDown().problem());
    }
  }

  private static ProblemException shuttingDown() {
    return Problems.unavailable("the server is shutting down");
  }

  private void announce(Found found) {
    if (found instanceof Found.Servable servable) {
      book.announce(servable.name(), servable.specs());
    }
  }

  /** Loads each version beside what runs; an empty answer means that all of them serve. */
  private String loadNow(Found found) {
    return switch (found) {
      case Found.Refused refused -> {
        log.error("model '{}' cannot be served: {}", refused.name(), refused.reason());
        String told = Reasons.forClients(refused.reason());
        book.refuse(refused.name(), told);
        yield told;
      }
      case Found.Servable servable -> {
        List<String> failures = new ArrayList<>();
        servable.specs().forEach(spec -> loadVersion(spec).ifPresent(failures::add));
        List<Long> versions = servable.specs().stream().map(ModelSpec::version).toList();
        retire(book.keepOnly(servable.name(), versions));
        yield String.join("; ", failures);
      }
    };
  }

  private Optional<String> loadVersion(ModelSpec spec) {
    if (book.closed()) {
      return Optional.of("the server is shutting down");
    }
    return switch (deployer.deploy(spec)) {
      case Deployer.Outcome.Serving serving -> {
        serve(workshop.open(spec, serving.deployment()));
        yield Optional.empty();
      }
      case Deployer.Outcome.Failed failed -> {
        log.error(
            "model '{}' version {} cannot be served: {}",
            spec.name(),
            spec.version(),
            failed.reason());
        String told = Reasons.forClients(spec, failed.reason());
        book.failed(spec.name(), spec.version(), told);
        yield Optional.of("version " + spec.version() + ": " + told);
      }
    };
  }

  /** What was wanted beside the version that it replaces is wanted beside this one too. */
  private void serve(VersionVariants version) {
    Optional<VersionVariants> before = book.serve(version);
    Set<String> wanted = before.map(VersionVariants::wanted).orElse(Set.of());
    before.ifPresent(replaced -> retire(List.of(replaced)));
    version.begin(wanted);
  }

  private Optional<CompletableFuture<Void>> unloadNow(String name) {
    return book.unload(name)
        .map(
            served -> {
              CompletableFuture<Void> freed = retire(served).thenRun(() -> unloaded(name));
              CompletableFuture<Void> earlier = unloading.get(name);
              CompletableFuture<Void> all =
                  earlier == null ? freed : CompletableFuture.allOf(earlier, freed);
              unloading.put(name, all);
              return all;
            });
  }

  private void unloaded(String name) {
    book.unloaded(name);
    log.info("model '{}' is unloaded", name);
  }

  @CanIgnoreReturnValue
  private CompletableFuture<Void> retire(Collection<VersionVariants> versions) {
    return CompletableFuture.allOf(
        versions.stream()
            .flatMap(version -> version.close().stream())
            .map(deployer::retire)
            .toArray(CompletableFuture[]::new));
  }
}
