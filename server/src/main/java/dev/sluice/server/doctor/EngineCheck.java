// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Engines with their true versions, and the cards of the machine. */
final class EngineCheck implements Check {
  private final Supplier<EngineFacts> facts;
  private final DeviceChoice wanted;
  private final CardMemory memory;

  EngineCheck(Supplier<EngineFacts> facts, DeviceChoice wanted, CardMemory memory) {
    this.facts = facts;
    this.wanted = wanted;
    this.memory = memory;
  }

  @Override
  public List<Finding> run() {
    EngineFacts found = facts.get();
    List<Finding> findings = new ArrayList<>();
    found.engines().forEach(engine -> findings.add(one(engine)));
    found.cards().forEach(card -> findings.add(Finding.ok("GPU", card)));
    if (found.cards().isEmpty()) {
      findings.add(noCards(found.noCards().orElse("none found")));
    } else {
      findings.add(Finding.ok("GPU memory", "SluiceCuda takes " + most() + " (--gpu-memory)"));
    }
    return findings;
  }

  private String most() {
    return switch (memory) {
      case CardMemory.All all -> "what it needs, as far as it is free";
      case CardMemory.Bytes bytes -> "at most " + Sizes.text(bytes.bytes()) + " of a card";
      case CardMemory.Share share ->
          "at most " + share.text() + " of what is free when a card's first model is loaded";
    };
  }

  private static Finding one(EngineFacts.Engine engine) {
    return engine
        .failure()
        .map(
            why ->
                Finding.problem(
                    "engine",
                    engine.name() + " cannot be used: " + why,
                    "reinstall Sluice; its libraries are incomplete or do not fit this machine"))
        .orElseGet(
            () ->
                Finding.ok(
                    "engine", engine.name() + " " + engine.version() + " on " + engine.devices()));
  }

  private Finding noCards(String why) {
    return wanted instanceof DeviceChoice.Gpu
        ? Finding.problem(
            "GPU",
            why,
            "install the NVIDIA driver, pass the card into the container, or use --device auto")
        : Finding.note("GPU", why + "; models run on the CPU");
  }
}
