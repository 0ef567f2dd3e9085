// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Gives other model files as variant {@code int8}, with figures that the test makes up. */
final class GivenVariants implements VariantMaker {
  static final Fidelity GOOD = new Fidelity(0.999, 0.99, 0.98, 0.97, 0.01, 1, 2.5, 0.26);

  private final Map<String, Given> byModel = new ConcurrentHashMap<>();

  /** One making that waits until the test lets it go on. */
  static final class Gate {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    private void pass() throws InterruptedException {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException stopped) {
        interrupted.countDown();
        throw stopped;
      }
    }
  }

  private record Given(Path file, Fidelity fidelity, Gate gate) {}

  void put(String model, Path file, Fidelity fidelity) {
    Gate gate = gated(model, file, fidelity);
    gate.open.countDown();
  }

  Gate gated(String model, Path file, Fidelity fidelity) {
    Gate gate = new Gate();
    byModel.put(model, new Given(file, fidelity, gate));
    return gate;
  }

  @Override
  public List<String> offered(ModelSpec model) {
    return byModel.containsKey(model.name()) ? List.of("int8") : List.of();
  }

  @Override
  public DerivedVariant make(ModelSpec model, String variant, Progress progress)
      throws InterruptedException {
    Given given = Objects.requireNonNull(byModel.get(model.name()));
    progress.at("calibrating", 0.4);
    given.gate().pass();
    ModelSpec spec =
        new ModelSpec(
            model.name(),
            model.version(),
            model.task(),
            model.engine(),
            model.directory(),
            given.file(),
            model.config(),
            model.text(),
            model.settings());
    return new DerivedVariant(variant, spec, given.fidelity());
  }
}
