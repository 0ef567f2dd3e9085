// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.time.Duration;

/**
 * Connections and what they are told.
 *
 * @param keepalive both the time between pings and their deadline; zero: no pings
 * @param lbStrategy name of a load balancing policy; empty: gRPC's own
 */
public record Wire(
    int connections,
    Duration connectTimeout,
    Duration keepalive,
    boolean compression,
    String lbStrategy,
    int maxReceive,
    int maxSend,
    int cpus) {}
