// SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package dev.sluice.loadtest.report;

import org.jspecify.annotations.NullMarked;
