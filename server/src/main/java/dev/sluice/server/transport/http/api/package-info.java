// SPDX-License-Identifier: Apache-2.0
/** The HTTP APIs: what each route reads, asks of the core, and answers. */
@NullMarked
package dev.sluice.server.transport.http.api;

import org.jspecify.annotations.NullMarked;
