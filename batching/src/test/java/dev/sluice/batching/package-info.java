// SPDX-License-Identifier: Apache-2.0
/** The batcher stepped by hand in virtual time, and with real lanes. */
@NullMarked
package dev.sluice.batching;

import org.jspecify.annotations.NullMarked;
