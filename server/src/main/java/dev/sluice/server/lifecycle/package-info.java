// SPDX-License-Identifier: Apache-2.0
/** Starting, draining, stopping. */
@NullMarked
package dev.sluice.server.lifecycle;

import org.jspecify.annotations.NullMarked;
