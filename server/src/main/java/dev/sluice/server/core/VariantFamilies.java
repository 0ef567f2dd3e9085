// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.telemetry.GaugeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Where variants and brownouts stand, as metrics; without offered variants, no family at all. */
public final class VariantFamilies implements GaugeSource {
  private final Supplier<List<ServedVersion>> serving;

  public VariantFamilies(Supplier<List<ServedVersion>> serving) {
    this.serving = serving;
  }

  @Override
  public void write(Gauges out) {
    List<ServedVersion> versions = serving.get();
    if (versions.stream().anyMatch(version -> version.variants().size() > 1)) {
      states(out, versions);
    }
    if (versions.stream().anyMatch(version -> version.brownout().isPresent())) {
      brownouts(out, versions);
    }
  }

  private static void states(Gauges out, List<ServedVersion> versions) {
    out.gauge("sluice_variant_state", "1 for the state that holds, 0 for the others.");
    for (ServedVersion version : versions) {
      for (VariantStatus variant : version.variants()) {
        for (VariantStatus.State state : VariantStatus.State.values()) {
          out.sample(
              labels(version, "variant", variant.name(), "state", state.label()),
              variant.state() == state ? 1 : 0);
        }
      }
    }
  }

  private static void brownouts(Gauges out, List<ServedVersion> versions) {
    out.gauge("sluice_brownout", "1 while a faster variant answers to save time, else 0.");
    for (ServedVersion version : versions) {
      version.brownout().ifPresent(now -> out.sample(labels(version), now.reduced() ? 1 : 0));
    }
    out.counter("sluice_brownout_switches_total", "Switches to the faster variant, and back.");
    for (ServedVersion version : versions) {
      version
          .brownout()
          .ifPresent(
              now -> {
                out.sample(labels(version, "to", "reduced"), (double) now.reductions());
                out.sample(labels(version, "to", "full"), (double) now.returns());
              });
    }
  }

  private static List<String> labels(ServedVersion version, String... more) {
    List<String> labels =
        new ArrayList<>(List.of("model", version.name(), "version", version.version()));
    labels.addAll(List.of(more));
    return labels;
  }
}
