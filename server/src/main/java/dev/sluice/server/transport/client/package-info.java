// SPDX-License-Identifier: Apache-2.0
/** Small gRPC clients that the commands use. */
@NullMarked
package dev.sluice.server.transport.client;

import org.jspecify.annotations.NullMarked;
