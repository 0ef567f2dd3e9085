// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/** A model version that answers requests now, for people and scripts. */
public record ServedVersion(
    String name, String version, String variant, String task, String device, int lanes) {}
