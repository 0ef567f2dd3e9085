// SPDX-License-Identifier: Apache-2.0
/** JSON, written and read back. */
@NullMarked
package dev.sluice.server.transport.http.json;

import org.jspecify.annotations.NullMarked;
