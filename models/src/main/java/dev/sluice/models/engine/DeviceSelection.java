// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.spec.DeviceChoice;
import java.util.OptionalInt;

/** Decides between the CPU and a card; touches no hardware itself. */
final class DeviceSelection {
  private DeviceSelection() {}

  /** What an engine can do with cards on this machine. */
  sealed interface Gpus {
    record Usable(int cards) implements Gpus {}

    record Unusable(String reason) implements Gpus {}
  }

  /**
   * The card to use; empty for the CPU.
   *
   * @throws EngineException when a card is demanded that cannot be had, saying what is missing
   */
  static OptionalInt choose(DeviceChoice choice, Gpus gpus) throws EngineException {
    return switch (choice) {
      case DeviceChoice.Cpu cpu -> OptionalInt.empty();
      case DeviceChoice.Auto auto ->
          gpus instanceof Gpus.Usable usable && usable.cards() > 0
              ? OptionalInt.of(0)
              : OptionalInt.empty();
      case DeviceChoice.Gpu gpu -> demanded(gpu.index(), gpus);
    };
  }

  private static OptionalInt demanded(int index, Gpus gpus) throws EngineException {
    return switch (gpus) {
      case Gpus.Unusable unusable ->
          throw new EngineException(
              "the device gpu:%d cannot be had: %s".formatted(index, unusable.reason()));
      case Gpus.Usable usable when index >= usable.cards() ->
          throw new EngineException(
              "the device gpu:%d cannot be had: there are %d cards, counted from 0"
                  .formatted(index, usable.cards()));
      case Gpus.Usable usable -> OptionalInt.of(index);
    };
  }

  static String name(OptionalInt card) {
    return card.isPresent() ? "gpu:" + card.getAsInt() : "cpu";
  }
}
