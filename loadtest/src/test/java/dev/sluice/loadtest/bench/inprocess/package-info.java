// SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package dev.sluice.loadtest.bench.inprocess;

import org.jspecify.annotations.NullMarked;
