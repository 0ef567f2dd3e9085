// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;
import java.util.Optional;

/** What this server serves, and how to change it. Reads never block. */
public interface Catalog {
  /**
   * Whether requests are welcome: everything of the start is loaded, no drain has begun, and
   * nothing is {@link #lost}.
   */
  boolean ready();

  /**
   * Why this process must be started again to serve all that it should, as after a fault of a card;
   * empty if it need not.
   */
  Optional<String> lost();

  /** Whether that model (that version, unless empty) answers requests now; false if unknown. */
  boolean modelReady(String name, String version);

  /**
   * What an infer call to that model reaches.
   *
   * @param version empty for the newest that is ready
   * @throws ProblemException with {@link Problem.NotFound} or {@link Problem.Unavailable}
   */
  ModelDescription describe(String name, String version);

  /** Every model version that is known, loaded or not, by name and then version. */
  List<ModelStatus> index();

  /**
   * The statistics of one version, of a model's every version, or (an empty name) of everything.
   *
   * @throws ProblemException with {@link Problem.NotFound}
   */
  List<ModelStatistics> statistics(String name, String version);

  /** Loads a model of the repository, or loads it anew; answers when it serves. */
  void load(String name, Reply<String> reply);

  /** Stops serving a model once what it accepted is answered; answers then. */
  void unload(String name, Reply<String> reply);

  /** Called after every change of {@link #index()} or {@link #ready()}, on any thread. */
  void onChange(Runnable listener);
}
