// SPDX-License-Identifier: Apache-2.0
/** A card beside what it should do: {@code sluice gpu-check}. */
@NullMarked
package dev.sluice.loadtest.bench.gpu;

import org.jspecify.annotations.NullMarked;
