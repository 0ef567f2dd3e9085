// SPDX-License-Identifier: Apache-2.0
/** JSON read and written as a stream, with bounds. */
@NullMarked
package dev.sluice.server.transport.http.json;

import org.jspecify.annotations.NullMarked;
