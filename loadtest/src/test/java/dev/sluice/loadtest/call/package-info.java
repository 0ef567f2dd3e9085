// SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package dev.sluice.loadtest.call;

import org.jspecify.annotations.NullMarked;
