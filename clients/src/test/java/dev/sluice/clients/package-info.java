// SPDX-License-Identifier: Apache-2.0
/**
 * The clients people already have, unmodified, against the server as it is shipped: a process that
 * is started from the distribution. Nothing but its ports is shared with it.
 */
@NullMarked
package dev.sluice.clients;

import org.jspecify.annotations.NullMarked;
