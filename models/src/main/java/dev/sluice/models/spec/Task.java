// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

/** What a model is served as. */
public enum Task {
  /** Texts in, one vector each out. */
  EMBED,
  /** Tensors in, tensors out. */
  TENSOR
}
