// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.List;

/**
 * Tensors in, tensors out. Each tensor's data fits its shape; nothing has been held against the
 * model yet.
 *
 * @param outputs the names that are wanted, in order; empty for all
 */
public record InferCall(
    ModelRef model, List<NamedTensor> inputs, List<String> outputs, CallContext context) {
  public InferCall {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
