// SPDX-License-Identifier: Apache-2.0
/** Callers that keep a server busy, and what they measure. */
@NullMarked
package dev.sluice.loadtest.load;

import org.jspecify.annotations.NullMarked;
