// SPDX-License-Identifier: Apache-2.0
/** The check of a card, on the one that kernels' tests emulate. */
@NullMarked
package dev.sluice.models.gpucheck;

import org.jspecify.annotations.NullMarked;
