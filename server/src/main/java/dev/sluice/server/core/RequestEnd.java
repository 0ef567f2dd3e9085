// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.telemetry.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended as its transport sees it.
 *
 * @param code the number of the status: 200 and the like, or gRPC's
 * @param outcome what the status alone says; null for success
 * @param reason what the client was told beside the status; empty for nothing
 * @param bytesIn of the body, as it came; 0 if that is not known
 * @param bytesOut of the body, as far as it was sent; 0 if that is not known
 */
public record RequestEnd(
    int code, @Nullable Outcome outcome, String reason, long bytesIn, long bytesOut) {}
