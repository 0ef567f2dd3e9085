// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.List;

/**
 * What the pickles of TorchScript are made of. All of it is immutable, so there are no cycles.
 * Identity is meaning: an object that a pickle refers to twice is one object here, and two that are
 * merely equal are two.
 */
sealed interface PickleValue {

  /** What has no parts and no number. */
  enum Literal implements PickleValue {
    NONE,
    TRUE,
    FALSE
  }

  /**
   * A class or function by name, for example {@code torch._utils} and {@code _rebuild_tensor_v2}.
   */
  record Global(String module, String name) implements PickleValue {
    String qualifiedName() {
      return module + "." + name;
    }
  }

  record Text(String value) implements PickleValue {}

  record Whole(long value) implements PickleValue {}

  record Real(double value) implements PickleValue {}

  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }

    Tuple(PickleValue... items) {
      this(List.of(items));
    }
  }

  record Sequence(List<PickleValue> items) implements PickleValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  record Dict(List<Entry> entries) implements PickleValue {
    public Dict {
      entries = List.copyOf(entries);
    }
  }

  /** One entry of a {@link Dict}. */
  record Entry(PickleValue key, PickleValue value) {}

  /** The result of calling a global, for example a tensor. */
  record Call(Global function, Tuple arguments) implements PickleValue {}

  /** What lies outside of the pickle: the raw values of tensors. */
  record Stored(PickleValue id) implements PickleValue {}

  /** An object of a class of the archive's code. */
  record Instance(Global type, PickleValue state) implements PickleValue {}
}
