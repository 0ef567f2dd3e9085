// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.spec.TextSpec.Pooling;

/**
 * What a model is rewritten for.
 *
 * @param device what it is to run on: what pays on one does not on the other
 * @param pooling how token vectors become one per text inside the graph; NONE leaves its outputs as
 *     they are
 * @param normalize whether vectors leave the graph at length 1; only with a pooling
 * @param dims how many leading components of a vector leave the graph; 0 for all. Only with a
 *     pooling
 */
public record RewriteGoal(Device device, Pooling pooling, boolean normalize, int dims) {
  public enum Device {
    CPU,
    GPU
  }

  public RewriteGoal {
    if (dims < 0 || (pooling == Pooling.NONE && (normalize || dims > 0))) {
      throw new IllegalArgumentException("what is not pooled is neither cut nor scaled");
    }
  }

  /** Fused blocks and nothing else: inputs and outputs stay as they are. */
  public static RewriteGoal blocks(Device device) {
    return new RewriteGoal(device, Pooling.NONE, false, 0);
  }

  /** The same with the pooled vectors as the only output. */
  public RewriteGoal pooled(Pooling how) {
    return new RewriteGoal(device, how, normalize, dims);
  }
}
