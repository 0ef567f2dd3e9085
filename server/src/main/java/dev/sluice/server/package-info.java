// SPDX-License-Identifier: Apache-2.0
/** The entry point. */
@NullMarked
package dev.sluice.server;

import org.jspecify.annotations.NullMarked;
