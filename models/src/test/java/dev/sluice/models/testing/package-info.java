// SPDX-License-Identifier: Apache-2.0
/** Model files made on the spot, for tests of this module and of those above it. */
@NullMarked
package dev.sluice.models.testing;

import org.jspecify.annotations.NullMarked;
