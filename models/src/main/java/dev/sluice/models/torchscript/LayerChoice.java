// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.torchscript.ModuleTree.Module;
import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.TorchScriptReport.Kept;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the layers that become INT8. Objects of one class share its code, so that they all become
 * INT8 or none does.
 */
final class LayerChoice {
  private static final String COMPUTED = "it takes weights that are no attribute, but computed";

  private final ScriptArchive archive;
  private final WeightUses uses;
  private final ModuleTree tree;
  private final List<Layer> chosen = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();

  /** One layer that becomes INT8, with the step between its values for each output. */
  record Layer(
      String name, Module module, WeightSlot slot, WeightMatrix weights, List<Double> scales) {}

  private LayerChoice(ScriptArchive archive, WeightUses uses, ModuleTree tree) {
    this.archive = archive;
    this.uses = uses;
    this.tree = tree;
  }

  static LayerChoice of(
      ScriptArchive archive, WeightUses uses, ModuleTree tree, StepProgress progress)
      throws EngineException, IOException, InterruptedException {
    LayerChoice choice = new LayerChoice(archive, uses, tree);
    Map<WeightSlot, WeightUses.Use> linear = uses.linear();
    int done = 0;
    for (Map.Entry<WeightSlot, WeightUses.Use> entry : linear.entrySet()) {
      progress.at("measuring weights", done++, linear.size());
      choice.judge(entry.getKey(), entry.getValue().outputsFirst());
    }
    for (String method : new LinkedHashSet<>(uses.computed())) {
      choice.kept.add(new Kept(OneLine.of(method), COMPUTED));
    }
    return choice;
  }

  List<Layer> chosen() {
    return chosen;
  }

  List<Kept> kept() {
    return kept;
  }

  Set<WeightSlot> slots() {
    Set<WeightSlot> slots = new LinkedHashSet<>();
    chosen.forEach(layer -> slots.add(layer.slot()));
    return slots;
  }

  private void judge(WeightSlot slot, boolean outputsFirst) throws EngineException, IOException {
    List<Module> modules = tree.of(slot.className());
    Map<String, String> obstacles = new LinkedHashMap<>();
    List<Layer> layers = new ArrayList<>();
    for (Module module : modules) {
      String name = OneLine.of(module.path() + slot.attribute());
      Optional<PickleValue> value = attribute(module, slot.attribute());
      Optional<String> obstacle = obstacle(slot, value);
      if (obstacle.isEmpty()) {
        StoredTensor tensor = value.flatMap(StoredTensor::of).orElseThrow();
        WeightMatrix weights = WeightMatrix.of(tensor, outputsFirst);
        Optional<List<Double>> scales = weights.scales(archive);
        scales.ifPresent(steps -> layers.add(new Layer(name, module, slot, weights, steps)));
        obstacle = scales.isPresent() ? obstacle : Optional.of("its weights are not all finite");
      }
      obstacle.ifPresent(reason -> obstacles.put(name, reason));
    }
    if (obstacles.isEmpty()) {
      chosen.addAll(layers);
      return;
    }
    String first = obstacles.keySet().iterator().next();
    layers.forEach(layer -> obstacles.put(layer.name(), "it shares its code with " + first));
    obstacles.forEach((name, reason) -> kept.add(new Kept(name, reason)));
  }

  private Optional<String> obstacle(WeightSlot slot, Optional<PickleValue> value) {
    if (!uses.isUnderstood(slot)) {
      return Optional.of("its weights are used in other ways too");
    }
    if (value.isEmpty() || uses.hasOwnState(slot.className())) {
      return Optional.of("its class has a pickled state of its own making");
    }
    return WeightMatrix.obstacle(value.get(), tree);
  }

  private static Optional<PickleValue> attribute(Module module, String name) {
    if (!(module.instance().state() instanceof Dict state)) {
      return Optional.empty();
    }
    return state.entries().stream()
        .filter(entry -> entry.key() instanceof Text key && key.value().equals(name))
        .map(Entry::value)
        .findFirst();
  }
}
