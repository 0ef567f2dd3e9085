// SPDX-License-Identifier: Apache-2.0
/** Whether a run met what was asked of it, and whether it was long enough to tell. */
@NullMarked
package dev.sluice.loadtest.verdict;

import org.jspecify.annotations.NullMarked;
