// SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package dev.sluice.loadtest;

import org.jspecify.annotations.NullMarked;
