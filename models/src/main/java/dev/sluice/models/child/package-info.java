// SPDX-License-Identifier: Apache-2.0
/**
 * Work in a process of its own: this program again, started beside the server, which ends with it
 * and may crash without it.
 */
@NullMarked
package dev.sluice.models.child;

import org.jspecify.annotations.NullMarked;
