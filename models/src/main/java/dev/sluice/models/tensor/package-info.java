// SPDX-License-Identifier: Apache-2.0
/** Tensors as they travel: a type, a shape and raw little-endian bytes. */
@NullMarked
package dev.sluice.models.tensor;

import org.jspecify.annotations.NullMarked;
