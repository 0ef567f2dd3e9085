// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;

/** The outputs that were asked for, in that order. */
public record InferAnswer(
    String model, String version, String variant, List<NamedTensor> outputs, Timings timings) {}
