// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;

/** A model version that answers requests now, for people and scripts. */
public record ServedVersion(
    String name,
    String version,
    String variant,
    String task,
    String device,
    List<LaneStatus> lanes) {}
