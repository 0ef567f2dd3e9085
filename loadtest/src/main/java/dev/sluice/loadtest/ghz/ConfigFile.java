// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A configuration file: JSON, TOML or YAML by its ending; with any other ending the three are
 * tried, TOML first. The keys are the names of the flags, and {@code host}.
 */
final class ConfigFile {
  private static final String HOST = "host";
  private static final long LARGEST = 64L << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectMapper TOML = new TomlMapper();

  private ConfigFile() {}

  static Arguments.Given read(Path file) {
    JsonNode root = parse(file, content(file));
    if (!root.isObject()) {
      throw new OptionsException(file + ": wants an object of keys and values");
    }
    Map<Flag, Object> values = new LinkedHashMap<>();
    String host = "";
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      if (key.equals(HOST)) {
        require(file, key, entry.getValue().isTextual(), "wants a string");
        host = entry.getValue().textValue();
      } else {
        Flag flag = flag(file, key);
        values.put(flag, value(file, flag, entry.getValue()));
      }
    }
    return new Arguments.Given(values, host);
  }

  private static Flag flag(Path file, String key) {
    Flag flag = FlagTable.named(key);
    if (flag == null) {
      List<String> keys = new ArrayList<>(List.of(HOST));
      FlagTable.ALL.stream().filter(Flag::inFile).map(Flag::name).forEach(keys::add);
      throw new OptionsException(
          file + ": unknown key '" + key + "'" + Nearest.hint("", key, keys));
    }
    require(file, key, flag.inFile(), "can be given on the command line only");
    return flag;
  }

  private static Object value(Path file, Flag flag, JsonNode node) {
    try {
      return Parsers.node(flag, node);
    } catch (IllegalArgumentException e) {
      throw new OptionsException(file + ": " + flag.name() + " " + e.getMessage());
    }
  }

  private static void require(Path file, String key, boolean fits, String wanted) {
    if (!fits) {
      throw new OptionsException(file + ": " + key + " " + wanted);
    }
  }

  private static String content(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new OptionsException(file + ": is larger than 64 MiB");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new OptionsException("cannot read configuration file " + file);
    }
  }

  private static JsonNode parse(Path file, String text) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return jackson(file, JSON, "JSON", text);
    } else if (name.endsWith(".toml")) {
      return jackson(file, TOML, "TOML", text);
    } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return yaml(file, text);
    }
    for (ObjectMapper mapper : List.of(TOML, JSON)) {
      try {
        return mapper.readTree(text);
      } catch (JsonProcessingException e) {
        // Then it is one of the others.
      }
    }
    return yaml(file, text);
  }

  private static JsonNode jackson(Path file, ObjectMapper mapper, String kind, String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      String at = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      String what = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new OptionsException(file + at + ": is not " + kind + ": " + what);
    }
  }

  private static JsonNode yaml(Path file, String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setAllowDuplicateKeys(false);
    limits.setCodePointLimit((int) LARGEST);
    try {
      Object root = new Yaml(new SafeConstructor(limits)).load(text);
      return JSON.valueToTree(root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new OptionsException(file + ":" + line + ": is not YAML: " + e.getProblem());
    } catch (YAMLException | IllegalArgumentException e) {
      throw new OptionsException(file + ": is not YAML that can be used here");
    }
  }
}
