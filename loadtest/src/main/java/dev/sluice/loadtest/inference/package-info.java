// SPDX-License-Identifier: Apache-2.0
/**
 * Requests of inference protocols, and what is in their answers. {@link
 * dev.sluice.loadtest.inference.InferenceCalls} makes the calls of a run of them.
 */
@NullMarked
package dev.sluice.loadtest.inference;

import org.jspecify.annotations.NullMarked;
