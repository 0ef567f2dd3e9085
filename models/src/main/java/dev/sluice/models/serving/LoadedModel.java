// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.spec.ModelSpec;

/** A model version that is loaded, checked and warm. */
public sealed interface LoadedModel extends AutoCloseable permits TextEmbedder, TensorModel {
  /** With the configuration complete: every input and output named, typed and shaped. */
  ModelSpec spec();

  /** The name of its own precision, by which requests may ask for it: {@code fp32} and the like. */
  String variant();

  /** For example {@code cpu} or {@code gpu:0}. */
  String device();

  /** How many lanes should run it at the same time. */
  int lanes();

  /** Frees it. Every lane must be closed before. */
  @Override
  void close();
}
