// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.corpus;

import java.util.List;

/** What a server makes one answer of. */
public sealed interface Item {
  /** In words. */
  record Text(String text) implements Item {}

  /** In a model's own numbers. */
  record Tokens(List<Long> ids) implements Item {
    public Tokens {
      ids = List.copyOf(ids);
    }
  }

  /**
   * As the bytes of tensors, one for each input of a model.
   *
   * @param length of what the model leaves open
   */
  record Row(int length, List<byte[]> tensors) implements Item {
    public Row {
      tensors = List.copyOf(tensors);
    }
  }
}
