// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.tensor.Tensor;

public record NamedTensor(String name, Tensor tensor) {}
