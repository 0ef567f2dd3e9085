// SPDX-License-Identifier: Apache-2.0
/** The HTTP front end through real sockets. */
@NullMarked
package dev.sluice.server.transport.http;

import org.jspecify.annotations.NullMarked;
