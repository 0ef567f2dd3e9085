// SPDX-License-Identifier: Apache-2.0
/** The highest rate that meets thresholds; knows neither a clock nor the wire. */
@NullMarked
package dev.sluice.loadtest.search;

import org.jspecify.annotations.NullMarked;
