// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads {@code model.yaml}. */
final class OverridesFile {
  static final String NAME = "model.yaml";

  /** Larger than any batch, queue or input that could be meant. */
  private static final int MANY = 1 << 24;

  private static final int MAX_LANES = 1024;
  private static final long MAX_MILLIS = Duration.ofDays(1).toMillis();
  private static final int MAX_RANK = 32;

  private static final List<String> KEYS =
      keys(
          "task",
          "engine",
          "file",
          "device",
          "lanes",
          "max_batch_rows",
          "max_batch_tokens",
          "linger_ms",
          "max_queue_rows",
          "queue_timeout_ms",
          "pooling",
          "normalize",
          "max_tokens",
          VariantOverrides.KEY,
          "inputs",
          "outputs");
  private static final List<String> TENSOR_KEYS = List.of("name", "datatype", "shape");

  private OverridesFile() {}

  private static List<String> keys(String... others) {
    return Stream.concat(Stream.of(others), FormingOverrides.KEYS.stream()).toList();
  }

  /**
   * What the file says; nothing where there is no such file.
   *
   * @param variants what holds for variants unless the file says otherwise
   */
  static Overrides read(ModelFolder folder, String file, VariantSettings variants)
      throws RefusedException {
    String text = folder.has(file) ? folder.text(file, 1 << 16) : "";
    YamlMap yaml = YamlMap.parse(file, text, KEYS);
    return new Overrides(
        choice(yaml, "task", Task.class),
        engine(yaml),
        yaml.string("file"),
        device(yaml),
        yaml.integer("lanes", 1, MAX_LANES),
        yaml.integer("max_batch_rows", 1, MANY),
        yaml.whole("max_batch_tokens", 1, 1L << 32),
        millis(yaml, "linger_ms"),
        yaml.integer("max_queue_rows", 1, MANY),
        millis(yaml, "queue_timeout_ms"),
        FormingOverrides.of(yaml, MAX_MILLIS),
        VariantOverrides.over(variants, yaml),
        choice(yaml, "pooling", Pooling.class),
        yaml.bool("normalize"),
        yaml.integer("max_tokens", 1, MANY),
        tensors(yaml, "inputs"),
        tensors(yaml, "outputs"));
  }

  private static <E extends Enum<E>> Optional<E> choice(YamlMap yaml, String key, Class<E> type)
      throws RefusedException {
    Optional<String> word = yaml.string(key);
    if (word.isEmpty()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(word.get())) {
        return Optional.of(constant);
      }
      words.add(name);
    }
    throw yaml.wrong(key, "one of " + String.join(", ", words));
  }

  private static Optional<EngineKind> engine(YamlMap yaml) throws RefusedException {
    Optional<String> word = yaml.string("engine");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    for (EngineKind engine : EngineKind.values()) {
      if (engine.runsFiles() && engine.djlName().equalsIgnoreCase(word.get())) {
        return Optional.of(engine);
      }
    }
    throw yaml.wrong("engine", "OnnxRuntime or PyTorch");
  }

  private static Optional<DeviceChoice> device(YamlMap yaml) throws RefusedException {
    Optional<String> word = yaml.string("device");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DeviceChoice.parse(word.get()));
    } catch (IllegalArgumentException e) {
      throw yaml.wrong("device", "auto, cpu, gpu or gpu:N");
    }
  }

  private static Optional<Duration> millis(YamlMap yaml, String key) throws RefusedException {
    OptionalLong value = yaml.whole(key, 0, MAX_MILLIS);
    return value.isPresent() ? Optional.of(Duration.ofMillis(value.getAsLong())) : Optional.empty();
  }

  private static List<TensorSpec> tensors(YamlMap yaml, String key) throws RefusedException {
    List<TensorSpec> tensors = new ArrayList<>();
    for (YamlMap tensor : yaml.maps(key, TENSOR_KEYS)) {
      for (String needed : TENSOR_KEYS) {
        if (!tensor.has(needed)) {
          throw tensor.wrong(needed, "given");
        }
      }
      String name = tensor.string("name").orElse("");
      if (tensors.stream().anyMatch(other -> other.name().equals(name))) {
        throw tensor.wrong("name", "unique");
      }
      Optional<DType> type = DType.ofName(tensor.string("datatype").orElse(""));
      if (type.isEmpty()) {
        throw tensor.wrong("datatype", "one of " + List.of(DType.values()));
      }
      tensors.add(new TensorSpec(name, type.get(), shape(tensor)));
    }
    return tensors;
  }

  private static List<Long> shape(YamlMap tensor) throws RefusedException {
    List<Long> shape = tensor.wholes("shape");
    if (shape.size() > MAX_RANK || shape.stream().anyMatch(size -> size < -1 || size == 0)) {
      throw tensor.wrong("shape", "a list of at most 32 sizes, each at least 1, or -1 for any");
    }
    return shape;
  }
}
