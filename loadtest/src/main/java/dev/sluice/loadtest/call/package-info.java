// SPDX-License-Identifier: Apache-2.0
/**
 * What calls carry: templates over the JSON of data and metadata, made into messages.
 * Deterministic, given a seed and a clock.
 */
@NullMarked
package dev.sluice.loadtest.call;

import org.jspecify.annotations.NullMarked;
