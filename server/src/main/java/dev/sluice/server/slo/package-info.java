// SPDX-License-Identifier: Apache-2.0
/**
 * Service level objectives and whether they are met: judged over sliding windows from the counts
 * that telemetry keeps anyway, so that serving a request costs nothing more.
 */
@NullMarked
package dev.sluice.server.slo;

import org.jspecify.annotations.NullMarked;
