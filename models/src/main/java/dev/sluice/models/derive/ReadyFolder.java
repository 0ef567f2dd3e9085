// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.google.protobuf.TextFormat;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.Found;
import dev.sluice.models.repository.SingleModel;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Puts what a model needs to be served beside a variant's file: tokenizer, configuration, labels,
 * warm-up data. The result is looked at as a server would, and is good only if it would be served
 * as the model was.
 */
final class ReadyFolder {
  private static final String OVERRIDES = "model.yaml";
  private static final String CONFIG = "config.pbtxt";
  private static final String WARM_UP = "warmup";
  private static final Pattern VERSION = Pattern.compile("[0-9]+");
  private static final long MOST_BYTES = 64 << 20;

  private static final List<String> TEXT_FILES =
      List.of(
          "config.json",
          "tokenizer_config.json",
          "sentence_bert_config.json",
          "special_tokens_map.json");
  private static final List<String> TENSOR_FILES =
      List.of(CONFIG, "config.json", "tokenizer.json", "tokenizer_config.json");

  /** What the file says of the model that it was: not of this one. */
  private static final List<String> DROPPED = List.of("file", "engine", "variants");

  private final ModelSpec model;
  private final Path folder;

  /**
   * @param folder holds the variant's file and no other model's
   */
  ReadyFolder(ModelSpec model, Path folder) {
    this.model = model;
    this.folder = folder;
  }

  /** Returns the variant's file, relative to the folder. */
  String complete(Receipt receipt) throws IOException, EngineException {
    Path file = folder.resolve(receipt.file());
    TextSpec text = model.text();
    if (text == null) {
      file = Files.move(file, made(relative(receipt.file())));
      copyAll(model.directory(), TENSOR_FILES);
      forgetName();
      for (ModelOutput output : model.config().getOutputList()) {
        copy(model.directory(), output.getLabelFilename(), output.getLabelFilename());
      }
      copyWarmUp();
    } else {
      Path beside = Objects.requireNonNull(text.tokenizer().getParent());
      copyAll(beside, TEXT_FILES);
      copy(beside, String.valueOf(text.tokenizer().getFileName()), "tokenizer.json");
    }
    overrides(receipt.pooled());
    requireServedAsBefore(Variants.spec(model, file, receipt.pooled()));
    return folder.relativize(file).toString();
  }

  /** A version of the Triton layout keeps its place. */
  private Path relative(String name) {
    Path own = model.directory().relativize(model.file());
    boolean version =
        own.getNameCount() > 1 && VERSION.matcher(own.getName(0).toString()).matches();
    return folder.resolve(version ? own.subpath(0, 2) : Path.of(name));
  }

  private static Path made(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return file;
  }

  private void copyAll(Path from, List<String> names) throws IOException, EngineException {
    for (String name : names) {
      copy(from, name, name);
    }
  }

  /**
   * What is there; a name that leads out of the model's folder was refused when it was looked at.
   */
  private void copy(Path from, String name, String as) throws IOException, EngineException {
    Path source = from.resolve(name).normalize();
    if (name.isEmpty() || !source.startsWith(from) || !Files.isRegularFile(source)) {
      return;
    }
    if (Files.size(source) > MOST_BYTES) {
      throw new EngineException(name + " beside the model is larger than 64 MiB");
    }
    Files.copy(source, made(folder.resolve(as)));
  }

  /** A configuration that names its model does not fit a folder of another name. */
  private void forgetName() throws IOException {
    Path config = folder.resolve(CONFIG);
    if (Files.exists(config) && !model.config().getName().isEmpty()) {
      Files.writeString(config, TextFormat.printer().printToString(unnamed(model)));
    }
  }

  private void copyWarmUp() throws IOException, EngineException {
    Path warmUp = model.directory().resolve(WARM_UP);
    if (model.config().getModelWarmupCount() == 0 || !Files.isDirectory(warmUp)) {
      return;
    }
    try (Stream<Path> files = Files.list(warmUp)) {
      for (Path file : files.toList()) {
        String name = WARM_UP + "/" + file.getFileName();
        copy(model.directory(), name, name);
      }
    }
  }

  private void overrides(boolean pooled) throws IOException {
    Map<String, Object> yaml = new LinkedHashMap<>(written());
    DROPPED.forEach(yaml::remove);
    TextSpec text = model.text();
    if (text != null) {
      TextSpec.Pooling pooling = pooled ? TextSpec.Pooling.NONE : text.pooling();
      yaml.put("task", "embed");
      yaml.put("pooling", pooling.name().toLowerCase(Locale.ROOT));
      yaml.put("normalize", text.normalize());
      yaml.put("max_tokens", text.maxTokens());
    }
    if (!yaml.isEmpty()) {
      DumperOptions lines = new DumperOptions();
      lines.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
      Files.writeString(folder.resolve(OVERRIDES), new Yaml(lines).dump(yaml));
    }
  }

  /** The model's own {@code model.yaml}, which was checked when the model was looked at. */
  private Map<String, Object> written() throws IOException {
    String stem = String.valueOf(model.file().getFileName()).replaceFirst("\\.[^.]*$", "");
    for (String name : List.of(OVERRIDES, stem + ".yaml")) {
      Path file = model.directory().resolve(name);
      if (Files.isRegularFile(file)) {
        Object yaml =
            new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(file, StandardCharsets.UTF_8));
        return yaml instanceof Map<?, ?> map ? named(map) : Map.of();
      }
    }
    return Map.of();
  }

  private static Map<String, Object> named(Map<?, ?> map) {
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  private void requireServedAsBefore(ModelSpec wanted) throws IOException, EngineException {
    List<String> problems = new ArrayList<>();
    switch (SingleModel.at(folder)) {
      case Found.Refused refused -> problems.add(refused.reason());
      case Found.Servable servable -> differences(wanted, servable.specs().getLast(), problems);
    }
    if (!problems.isEmpty()) {
      throw new EngineException(
          "the variant would not be served as the model is: " + String.join("; ", problems));
    }
  }

  private void differences(ModelSpec wanted, ModelSpec served, List<String> problems)
      throws IOException {
    compare("its task", wanted.task(), served.task(), problems);
    compare("its file", wanted.file().toRealPath(), served.file(), problems);
    compare("its configuration", unnamed(wanted), unnamed(served), problems);
    TextSpec text = wanted.text();
    if (text != null && served.text() != null) {
      Path tokenizer = folder.toRealPath().resolve("tokenizer.json");
      TextSpec expected =
          new TextSpec(
              tokenizer,
              text.maxTokens(),
              text.lowerCase(),
              text.pooling(),
              text.normalize(),
              text.padId());
      compare("the way from text to vector", expected, served.text(), problems);
    }
  }

  /** A model's name is its folder's. */
  private static ModelConfig unnamed(ModelSpec spec) {
    return spec.config().toBuilder().clearName().build();
  }

  private static void compare(String what, Object wanted, Object is, List<String> problems) {
    if (!wanted.equals(is)) {
      problems.add(what + " would be " + is + ", not " + wanted);
    }
  }
}
