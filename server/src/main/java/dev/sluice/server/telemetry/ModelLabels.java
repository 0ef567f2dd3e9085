// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.Comparator;

/** What a meter is of. Only a model that is loaded has one, so no client can make up another. */
public record ModelLabels(String model, String version, String variant)
    implements Comparable<ModelLabels> {
  private static final Comparator<ModelLabels> ORDER =
      Comparator.comparing(ModelLabels::model)
          .thenComparing(ModelLabels::version)
          .thenComparing(ModelLabels::variant);

  /** Whether both are variants of one version. */
  boolean sameVersion(ModelLabels other) {
    return model.equals(other.model) && version.equals(other.version);
  }

  @Override
  public int compareTo(ModelLabels other) {
    return ORDER.compare(this, other);
  }
}
