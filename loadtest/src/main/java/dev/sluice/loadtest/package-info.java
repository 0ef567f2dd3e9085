// SPDX-License-Identifier: Apache-2.0
/** Load on a server, and benches of it: the command line and the wiring. */
@NullMarked
package dev.sluice.loadtest;

import org.jspecify.annotations.NullMarked;
