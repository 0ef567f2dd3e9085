// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.Inference;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.shared.LogControl;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the front end is plugged into.
 *
 * @param clock the one that the deadlines of {@link dev.sluice.server.core.CallContext} are on
 * @param largeBodies where bodies that would hold up an event loop are read and written; refusing
 *     means that the server is at its end. What waits there is bounded by the memory for bodies
 * @param errorIds a new id each time, from any thread
 * @param serverVersion what server metadata shows
 * @param telemetry counts refusals and limits that are hit
 */
public record HttpParts(
    Inference inference,
    Catalog catalog,
    RequestTraces traces,
    NanoClock clock,
    LogControl logs,
    Executor largeBodies,
    Supplier<String> errorIds,
    String serverVersion,
    Telemetry telemetry) {}
