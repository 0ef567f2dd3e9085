// SPDX-License-Identifier: Apache-2.0
/**
 * The operator's port: metrics, health, what serves, log level, threads. A small HTTP/1.1 server of
 * its own, so that it answers while the public ports are flooded or drain.
 */
@NullMarked
package dev.sluice.server.transport.admin;

import org.jspecify.annotations.NullMarked;
