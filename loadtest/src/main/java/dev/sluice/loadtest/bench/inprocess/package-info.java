// SPDX-License-Identifier: Apache-2.0
/** The other side of a bench, in a process of its own so that its CPU time can be told apart. */
@NullMarked
package dev.sluice.loadtest.bench.inprocess;

import org.jspecify.annotations.NullMarked;
