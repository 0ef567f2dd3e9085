// SPDX-License-Identifier: Apache-2.0
/**
 * What a run is told: ghz's flags and configuration files, and Sluice's own flags beside them, read
 * into one immutable {@link dev.sluice.loadtest.ghz.Options}. Knows neither gRPC nor clocks.
 */
@NullMarked
package dev.sluice.loadtest.ghz;

import org.jspecify.annotations.NullMarked;
