// SPDX-License-Identifier: Apache-2.0
/** Connections to a gRPC server, and calls of all kinds over them, on Netty's event loops. */
@NullMarked
package dev.sluice.loadtest.wire;

import org.jspecify.annotations.NullMarked;
