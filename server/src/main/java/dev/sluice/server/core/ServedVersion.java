// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;
import java.util.Optional;

/**
 * A model version that answers requests now, for people and scripts.
 *
 * @param variant its own precision
 * @param variants that one and those that are made of it
 * @param brownout empty where its policy is another
 */
public record ServedVersion(
    String name,
    String version,
    String variant,
    String task,
    String device,
    int lanes,
    List<VariantStatus> variants,
    Optional<BrownoutStatus> brownout) {
  public ServedVersion {
    variants = List.copyOf(variants);
  }
}
