// SPDX-License-Identifier: Apache-2.0
/** Draining, with time made up by the tests. */
@NullMarked
package dev.sluice.server.lifecycle;

import org.jspecify.annotations.NullMarked;
