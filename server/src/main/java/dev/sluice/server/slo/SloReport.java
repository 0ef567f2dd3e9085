// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.List;
import java.util.OptionalDouble;

/** Every objective with its verdict. Immutable. */
public record SloReport(List<Model> models) {
  public SloReport {
    models = List.copyOf(models);
  }

  /** The worst of all; {@link Verdict#NO_DATA} without objectives. */
  public Verdict verdict() {
    return Verdict.worst(models.stream().map(Model::verdict).toList());
  }

  /** The part about one model; all of it for the empty name. */
  public SloReport of(String model) {
    return model.isEmpty()
        ? this
        : new SloReport(models.stream().filter(one -> one.name().equals(model)).toList());
  }

  /**
   * @param loaded whether any version of it serves now
   * @param statuses in the order of the configuration
   */
  public record Model(String name, boolean loaded, List<Status> statuses) {
    public Model {
      statuses = List.copyOf(statuses);
    }

    public Verdict verdict() {
      return Verdict.worst(statuses.stream().map(Status::verdict).toList());
    }
  }

  /**
   * @param reason why there is no verdict; else empty
   * @param measured the percentile in nanoseconds, or the percentage of answered requests; empty
   *     without requests
   * @param total requests of the window that count
   * @param good of them
   * @param burnRate the share of bad ones over the share allowed
   * @param burnRateShort the same over the last twelfth of the window
   */
  public record Status(
      Objective objective,
      Verdict verdict,
      String reason,
      OptionalDouble measured,
      long total,
      long good,
      double burnRate,
      double burnRateShort) {

    /** The share of the allowed bad ones that is left; negative when overspent. */
    public double budgetLeft() {
      return 1 - burnRate;
    }
  }
}
