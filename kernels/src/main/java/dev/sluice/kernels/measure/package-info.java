// SPDX-License-Identifier: Apache-2.0
/**
 * What a card does with the kernels: whether they are right on it, how fast they are, and what the
 * card could do at most. Needs the driver and nothing else.
 */
@NullMarked
package dev.sluice.kernels.measure;

import org.jspecify.annotations.NullMarked;
