// SPDX-License-Identifier: Apache-2.0
/**
 * How fast a model runs in each precision, beside the engine as it comes and the machine's peak.
 */
@NullMarked
package dev.sluice.loadtest.bench.engine;

import org.jspecify.annotations.NullMarked;
