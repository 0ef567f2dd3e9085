// SPDX-License-Identifier: Apache-2.0
/**
 * The gRPC front end: the Open Inference Protocol with Triton's extensions, {@code
 * sluice.v1.EmbeddingService}, health and reflection. It decodes, checks and encodes; everything
 * else is behind {@link dev.sluice.server.core.Inference} and {@link
 * dev.sluice.server.core.Catalog}.
 *
 * <p>Threads: requests are read, checked and handed to the core on Netty's event loops, with no
 * executor in between, so nothing here may block. Answers are encoded and written on whichever
 * thread the core answers on; gRPC passes the bytes to the event loop of the connection.
 *
 * <p>Copies: see {@link dev.sluice.server.transport.grpc.AliasingMarshaller}.
 */
@NullMarked
package dev.sluice.server.transport.grpc;

import org.jspecify.annotations.NullMarked;
