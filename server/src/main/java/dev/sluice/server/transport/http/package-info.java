// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 and cleartext HTTP/2 on one port: connections, their limits, and whole requests. */
@NullMarked
package dev.sluice.server.transport.http;

import org.jspecify.annotations.NullMarked;
