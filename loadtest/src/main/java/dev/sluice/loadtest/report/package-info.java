// SPDX-License-Identifier: Apache-2.0
/** Reports of a run, in ghz's formats and in HdrHistogram's, and what is read back of them. */
@NullMarked
package dev.sluice.loadtest.report;

import org.jspecify.annotations.NullMarked;
