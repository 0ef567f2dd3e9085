// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.PickleValue.Call;
import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Instance;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Real;
import dev.sluice.models.torchscript.PickleValue.Sequence;
import dev.sluice.models.torchscript.PickleValue.Stored;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.PickleValue.Tuple;
import dev.sluice.models.torchscript.PickleValue.Whole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules of a pickle by their classes, and how often each storage is used. */
final class ModuleTree {
  private static final int MAX_PATH = 300;

  private final Map<String, List<Module>> modules = new LinkedHashMap<>();
  private final Map<String, Integer> storages = new HashMap<>();
  private final Set<PickleValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * An object of a class.
   *
   * @param path its name within the model, with a dot behind it; empty for the model itself
   */
  record Module(String path, Instance instance) {}

  ModuleTree(PickleValue root) {
    walk("", root);
  }

  /** The objects of that class. */
  List<Module> of(String className) {
    return modules.getOrDefault(className, List.of());
  }

  /** How many attributes and other places hold a view of that storage. */
  int uses(String key) {
    return storages.getOrDefault(key, 0);
  }

  private void walk(String path, PickleValue value) {
    if (!seen.add(value) && StoredTensor.of(value).isEmpty()) {
      return;
    }
    switch (value) {
      case Instance instance -> {
        modules
            .computeIfAbsent(instance.type().qualifiedName(), unseen -> new ArrayList<>())
            .add(new Module(path, instance));
        walk(path, instance.state());
      }
      case Dict dict -> {
        for (Entry entry : dict.entries()) {
          walk(path, entry.key());
          walk(step(path, entry.key()), entry.value());
        }
      }
      case Tuple tuple -> tuple.items().forEach(item -> walk(path, item));
      case Sequence list -> list.items().forEach(item -> walk(path, item));
      case Call call -> {
        StoredTensor tensor = StoredTensor.of(call).orElse(null);
        if (tensor == null) {
          walk(path, call.arguments());
        } else {
          storages.merge(tensor.key(), 1, Integer::sum);
        }
      }
      case Stored stored -> {
        // Of another kind of tensor, whose views are not counted.
        if (stored.id() instanceof Tuple id
            && id.items().size() > 2
            && id.items().get(2) instanceof Text key) {
          storages.merge(key.value(), 2, Integer::sum);
        }
      }
      case Literal literal -> {}
      case Global global -> {}
      case Text text -> {}
      case Whole whole -> {}
      case Real real -> {}
    }
  }

  private static String step(String path, PickleValue key) {
    return key instanceof Text name && path.length() + name.value().length() < MAX_PATH
        ? path + name.value() + "."
        : path;
  }
}
