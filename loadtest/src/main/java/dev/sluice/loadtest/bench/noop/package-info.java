// SPDX-License-Identifier: Apache-2.0
/** The server of {@code sluice bench loadtest}, in a process of its own. */
@NullMarked
package dev.sluice.loadtest.bench.noop;

import org.jspecify.annotations.NullMarked;
