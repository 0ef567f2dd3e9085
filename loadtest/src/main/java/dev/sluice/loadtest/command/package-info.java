// SPDX-License-Identifier: Apache-2.0
/**
 * {@code sluice loadtest}: from a command line to an exit code. {@link
 * dev.sluice.loadtest.command.Plans} and {@link dev.sluice.loadtest.command.GhzCalls} say how
 * options become a plan and calls.
 */
@NullMarked
package dev.sluice.loadtest.command;

import org.jspecify.annotations.NullMarked;
