// SPDX-License-Identifier: Apache-2.0
/** Measurements of the HTTP APIs. */
@NullMarked
package dev.sluice.server.transport.http.api;

import org.jspecify.annotations.NullMarked;
