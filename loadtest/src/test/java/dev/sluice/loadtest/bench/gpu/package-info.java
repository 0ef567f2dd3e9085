// SPDX-License-Identifier: Apache-2.0
/** The check of a card, as a user runs it. */
@NullMarked
package dev.sluice.loadtest.bench.gpu;

import org.jspecify.annotations.NullMarked;
