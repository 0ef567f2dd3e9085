// SPDX-License-Identifier: Apache-2.0
/**
 * Requests as OpenTelemetry spans: the only place that knows OpenTelemetry. Nothing of it is loaded
 * unless the environment asks for traces.
 */
@NullMarked
package dev.sluice.server.tracing;

import org.jspecify.annotations.NullMarked;
