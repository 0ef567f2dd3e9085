// SPDX-License-Identifier: Apache-2.0
/** Where the parts are put together; the only place that makes clocks, threads and randomness. */
@NullMarked
package dev.sluice.server.wiring;

import org.jspecify.annotations.NullMarked;
