// SPDX-License-Identifier: Apache-2.0
/**
 * Every kernel beside plain double-precision Java, on random data: runs on anything that is a
 * {@link dev.sluice.kernels.launch.Device}, so the build checks the emulation with what checks a
 * card.
 */
@NullMarked
package dev.sluice.kernels.check;

import org.jspecify.annotations.NullMarked;
