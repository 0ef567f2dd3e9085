// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.TensorSpec;
import java.util.List;
import java.util.Optional;

/** A model file, loaded once on one device and shared by any number of lanes. */
public interface Graph extends AutoCloseable {
  /** As the file (or, for TorchScript, the configuration) declares them, in order. */
  List<TensorSpec> inputs();

  List<TensorSpec> outputs();

  /** For example {@code cpu} or {@code gpu:0}. */
  String device();

  /** Where it gives one row per sequence, and lets no padding cost anything; empty for most. */
  default Optional<Packed> packed() {
    return Optional.empty();
  }

  /** A runner for one thread. Lanes of one graph share its weights. */
  GraphLane newLane();

  /** Frees the native memory. Every lane must be closed before. */
  @Override
  void close();
}
