// SPDX-License-Identifier: Apache-2.0
/**
 * What it takes to launch each kernel: its name, the order of its arguments, how many blocks of how
 * many threads, how much shared memory. Pure arithmetic; a {@link dev.sluice.kernels.launch.Device}
 * runs it.
 */
@NullMarked
package dev.sluice.kernels.launch;

import org.jspecify.annotations.NullMarked;
