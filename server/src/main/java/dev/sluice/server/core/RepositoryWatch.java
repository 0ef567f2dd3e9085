// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.repository.SettledChanges;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the repositories once per {@link #run} and has the catalog load what is new or changed
 * and forget what is gone; a folder that is still being written is left until it holds still. Run
 * by one thread at a time.
 */
public final class RepositoryWatch implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(RepositoryWatch.class);

  private final RepositorySource source;
  private final ModelCatalog catalog;
  private final SettledChanges changes;

  private boolean readable = true;

  /**
   * Takes what is on disk now as what the catalog loads at its start.
   *
   * @throws java.io.UncheckedIOException when a repository cannot be read
   */
  public RepositoryWatch(RepositorySource source, ModelCatalog catalog) {
    this.source = source;
    this.catalog = catalog;
    this.changes = new SettledChanges(source.fingerprints());
  }

  @Override
  public void run() {
    try {
      SettledChanges.Changes settled = changes.poll(source.fingerprints());
      readable = true;
      settled.added().forEach(this::load);
      settled.changed().forEach(this::load);
      for (String name : settled.removed()) {
        log.info("model '{}' has left the repository", name);
        catalog.forget(name);
      }
    } catch (UncheckedIOException unreadable) {
      // Once per outage: what is loaded serves on meanwhile.
      if (readable) {
        log.warn("a model repository cannot be read: {}", unreadable.getMessage());
      }
      readable = false;
    } catch (Throwable unforeseen) {
      log.error("the model repositories could not be looked at", unforeseen);
    }
  }

  private void load(String name) {
    log.info("model '{}' is new or has changed", name);
    catalog.load(name, new Logged(name));
  }

  /** The catalog has logged the reason already; this says what it means. */
  private record Logged(String name) implements Reply<String> {
    @Override
    public void ok(String loaded) {
      log.info("model '{}' was loaded from its new files", loaded);
    }

    @Override
    public void failed(Problem problem) {
      log.warn("the new files of model '{}' were not taken: {}", name, problem.message());
    }
  }
}
