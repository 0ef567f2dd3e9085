// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** The last look before native code: a wrong length there would read foreign memory. */
final class InputChecks {
  private InputChecks() {}

  static void require(List<TensorSpec> specs, List<Tensor> inputs) throws EngineException {
    if (specs.size() != inputs.size()) {
      throw new EngineException(
          "the model takes %d inputs, not %d".formatted(specs.size(), inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      require(specs.get(i), inputs.get(i));
    }
  }

  private static void require(TensorSpec spec, Tensor input) throws EngineException {
    if (!spec.anyShape() && input.type() != spec.type()) {
      throw new EngineException(
          "input '%s' takes %s, not %s".formatted(spec.name(), spec.type(), input.type()));
    }
    if (!isPossible(input)) {
      throw new EngineException(
          "input '%s' has %d bytes, which is not %s"
              .formatted(spec.name(), input.byteSize(), input));
    }
  }

  /** Two negative sizes have a positive product, and a large product may wrap around. */
  private static boolean isPossible(Tensor input) {
    for (int axis = 0; axis < input.rank(); axis++) {
      if (input.dim(axis) < 0) {
        return false;
      }
    }
    try {
      return !input.type().fixedSize()
          || Math.multiplyExact(input.elements(), input.type().byteSize()) == input.byteSize();
    } catch (ArithmeticException e) {
      return false;
    }
  }
}
