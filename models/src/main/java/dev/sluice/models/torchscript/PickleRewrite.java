// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.LayerChoice.Layer;
import dev.sluice.models.torchscript.PickleValue.Call;
import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Instance;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Sequence;
import dev.sluice.models.torchscript.PickleValue.Stored;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Puts packed INT8 weights in the place of tensors; all else, and what is shared, stays. */
final class PickleRewrite {
  private final IdentityHashMap<Instance, Map<String, PickleValue>> replaced =
      new IdentityHashMap<>();
  private final IdentityHashMap<PickleValue, PickleValue> done = new IdentityHashMap<>();

  /** The storages that one layer's scales and zero points are kept in. */
  record Keys(String scales, String zeroPoints) {}

  void replace(Layer layer, Keys keys) {
    int outputs = layer.weights().outputs();
    PickleValue weights =
        StoredTensor.quantized(
            layer.weights().key(),
            StoredTensor.whole("DoubleStorage", keys.scales(), outputs),
            StoredTensor.whole("LongStorage", keys.zeroPoints(), outputs),
            outputs,
            layer.weights().inputs());
    int dot = Int8Code.PACKED.lastIndexOf('.');
    Global type = new Global(Int8Code.PACKED.substring(0, dot), Int8Code.PACKED.substring(dot + 1));
    // The second is a bias, which is added in FP32 after scaling instead.
    PickleValue packed = new Instance(type, new Tuple(weights, Literal.NONE));
    replaced
        .computeIfAbsent(layer.module().instance(), unseen -> new HashMap<>())
        .put(layer.slot().attribute(), packed);
  }

  PickleValue apply(PickleValue value) {
    PickleValue known = done.get(value);
    if (known == null) {
      known = changed(value);
      done.put(value, known);
    }
    return known;
  }

  private PickleValue changed(PickleValue value) {
    return switch (value) {
      case Instance instance -> new Instance(instance.type(), state(instance));
      case Tuple tuple -> new Tuple(all(tuple.items()));
      case Sequence list -> new Sequence(all(list.items()));
      case Dict dict -> new Dict(entries(dict, Map.of()));
      case Call call -> new Call(call.function(), new Tuple(all(call.arguments().items())));
      case Stored stored -> new Stored(apply(stored.id()));
      default -> value;
    };
  }

  private PickleValue state(Instance instance) {
    Map<String, PickleValue> attributes = replaced.get(instance);
    return attributes != null && instance.state() instanceof Dict dict
        ? new Dict(entries(dict, attributes))
        : apply(instance.state());
  }

  private List<Entry> entries(Dict dict, Map<String, PickleValue> other) {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : dict.entries()) {
      PickleValue replacement = entry.key() instanceof Text key ? other.get(key.value()) : null;
      entries.add(
          new Entry(apply(entry.key()), replacement != null ? replacement : apply(entry.value())));
    }
    return entries;
  }

  private List<PickleValue> all(List<PickleValue> values) {
    return values.stream().map(this::apply).toList();
  }
}
