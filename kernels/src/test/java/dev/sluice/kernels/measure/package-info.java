// SPDX-License-Identifier: Apache-2.0
/** The arithmetic behind what is said of a card; cards themselves: {@code gpu.MeasureScenarios}. */
@NullMarked
package dev.sluice.kernels.measure;

import org.jspecify.annotations.NullMarked;
