// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.List;
import java.util.Optional;

/**
 * What the model runtime found.
 *
 * @param cards the GPUs, in words
 * @param noCards why there are none
 */
public record EngineFacts(List<Engine> engines, List<String> cards, Optional<String> noCards) {
  public EngineFacts {
    engines = List.copyOf(engines);
    cards = List.copyOf(cards);
  }

  /**
   * One engine.
   *
   * @param version its own, as its native library says
   * @param devices what it can run on, in words
   * @param failure why it cannot be used
   */
  public record Engine(String name, String version, String devices, Optional<String> failure) {}
}
