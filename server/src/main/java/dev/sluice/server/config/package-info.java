// SPDX-License-Identifier: Apache-2.0
/**
 * One table of settings, and all that is made from it: flags, file reader, environment, printout.
 */
@NullMarked
package dev.sluice.server.config;

import org.jspecify.annotations.NullMarked;
