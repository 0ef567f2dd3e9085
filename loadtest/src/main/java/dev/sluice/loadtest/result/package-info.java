// SPDX-License-Identifier: Apache-2.0
/** What a run measured: values only, filled by whoever ran it, without a clock. */
@NullMarked
package dev.sluice.loadtest.result;

import org.jspecify.annotations.NullMarked;
