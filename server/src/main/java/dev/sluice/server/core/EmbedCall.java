// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.text.Truncation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs in, one vector each out.
 *
 * @param normalize null for what the model's own files say
 * @param dimensions 0 for all; else each vector is cut to that many components
 */
public record EmbedCall(
    ModelRef model,
    List<EmbedInput> inputs,
    @Nullable Boolean normalize,
    Truncation truncation,
    int dimensions,
    CallContext context) {
  public EmbedCall {
    inputs = List.copyOf(inputs);
  }
}
