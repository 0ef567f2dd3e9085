// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * Where a model version with the policy {@code brownout} stands.
 *
 * @param reduced whether the faster variant answers now
 * @param reductions how often it went over to that one
 * @param returns how often it came back
 */
public record BrownoutStatus(boolean reduced, long reductions, long returns) {}
