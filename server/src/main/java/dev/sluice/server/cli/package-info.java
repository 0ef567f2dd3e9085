// SPDX-License-Identifier: Apache-2.0
/** The command line: what each command takes, prints and returns. */
@NullMarked
package dev.sluice.server.cli;

import org.jspecify.annotations.NullMarked;
