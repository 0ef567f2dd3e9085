// SPDX-License-Identifier: Apache-2.0
/** Sluice measured beside what it is made of. */
@NullMarked
package dev.sluice.loadtest.bench;

import org.jspecify.annotations.NullMarked;
