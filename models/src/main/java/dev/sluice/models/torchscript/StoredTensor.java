// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.PickleValue.Call;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Stored;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.PickleValue.Tuple;
import dev.sluice.models.torchscript.PickleValue.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plain tensor as pickles describe it: a view of a storage, which is an entry of the archive.
 *
 * @param key the storage's name
 * @param storage its type, for example {@code FloatStorage}
 * @param offset of the first value, in values
 */
record StoredTensor(String key, String storage, long offset, List<Long> sizes, List<Long> strides) {

  static final Global REBUILD = new Global("torch._utils", "_rebuild_tensor_v2");

  /** Empty for anything else, other kinds of tensors among it. */
  static Optional<StoredTensor> of(PickleValue value) {
    if (!(value instanceof Call call)
        || !call.function().equals(REBUILD)
        || call.arguments().items().size() != 6
        || !(call.arguments().items().get(0) instanceof Stored stored)
        || !(stored.id() instanceof Tuple id)
        || id.items().size() != 5
        || !(id.items().get(1) instanceof Global storage)
        || !(id.items().get(2) instanceof Text key)
        || !(call.arguments().items().get(1) instanceof Whole offset)) {
      return Optional.empty();
    }
    List<Long> sizes = numbers(call.arguments().items().get(2));
    List<Long> strides = numbers(call.arguments().items().get(3));
    return sizes == null || strides == null || sizes.size() != strides.size()
        ? Optional.empty()
        : Optional.of(
            new StoredTensor(key.value(), storage.name(), offset.value(), sizes, strides));
  }

  private static @Nullable List<Long> numbers(PickleValue value) {
    if (!(value instanceof Tuple tuple)) {
      return null;
    }
    List<Long> numbers = new ArrayList<>();
    for (PickleValue item : tuple.items()) {
      if (!(item instanceof Whole whole)) {
        return null;
      }
      numbers.add(whole.value());
    }
    return List.copyOf(numbers);
  }

  /** One that takes a storage of its own whole, row after row. */
  static Call whole(String storage, String key, long... sizes) {
    return new Call(REBUILD, new Tuple(description(storage, key, sizes)));
  }

  /** The same, its values being INT8 with a scale and a zero point for each row. */
  static Call quantized(String key, Call scales, Call zeroPoints, long... sizes) {
    List<PickleValue> parts = new ArrayList<>(description("QInt8Storage", key, sizes));
    parts.add(
        4, new Tuple(new Global("torch", "per_channel_affine"), scales, zeroPoints, new Whole(0)));
    return new Call(new Global("torch._utils", "_rebuild_qtensor"), new Tuple(parts));
  }

  private static List<PickleValue> description(String storage, String key, long... sizes) {
    List<PickleValue> dimensions = new ArrayList<>();
    List<PickleValue> strides = new ArrayList<>();
    long values = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      dimensions.addFirst(new Whole(sizes[i]));
      strides.addFirst(new Whole(values));
      values *= sizes[i];
    }
    return List.of(
        new Stored(
            new Tuple(
                new Text("storage"),
                new Global("torch", storage),
                new Text(key),
                new Text("cpu"),
                new Whole(values))),
        new Whole(0),
        new Tuple(dimensions),
        new Tuple(strides),
        Literal.FALSE,
        new Call(new Global("collections", "OrderedDict"), new Tuple()));
  }
}
