// SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package dev.sluice.loadtest.result;

import org.jspecify.annotations.NullMarked;
