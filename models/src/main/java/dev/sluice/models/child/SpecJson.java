// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.CardPrecision;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Carries a spec to another process; both ends are this class of the same build. */
public final class SpecJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SpecJson() {}

  public static byte[] write(ModelSpec spec) throws IOException {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("name", spec.name())
        .put("version", spec.version())
        .put("task", spec.task().name())
        .put("engine", spec.engine().name())
        .put("directory", absolute(spec.directory()))
        .put("file", absolute(spec.file()))
        .put("config", spec.config().toByteArray())
        .put("cardPrecision", spec.cardPrecision().name());
    settings(node.putObject("settings"), spec.settings());
    TextSpec text = spec.text();
    if (text != null) {
      node.putObject("text")
          .put("tokenizer", absolute(text.tokenizer()))
          .put("maxTokens", text.maxTokens())
          .put("lowerCase", text.lowerCase())
          .put("pooling", text.pooling().name())
          .put("normalize", text.normalize())
          .put("padId", text.padId());
    }
    return MAPPER.writeValueAsBytes(node);
  }

  /** The other process has another working directory. */
  private static String absolute(Path path) {
    return path.toAbsolutePath().toString();
  }

  public static ModelSpec read(byte[] json) throws IOException {
    JsonNode node = MAPPER.readTree(json);
    return new ModelSpec(
        node.required("name").asText(),
        node.required("version").asLong(),
        Task.valueOf(node.required("task").asText()),
        EngineKind.valueOf(node.required("engine").asText()),
        Path.of(node.required("directory").asText()),
        Path.of(node.required("file").asText()),
        ModelConfig.parseFrom(node.required("config").binaryValue()),
        node.has("text") ? text(node.required("text")) : null,
        settings(node.required("settings")),
        CardPrecision.valueOf(node.required("cardPrecision").asText()));
  }

  private static TextSpec text(JsonNode node) {
    return new TextSpec(
        Path.of(node.required("tokenizer").asText()),
        node.required("maxTokens").asInt(),
        node.required("lowerCase").asBoolean(),
        TextSpec.Pooling.valueOf(node.required("pooling").asText()),
        node.required("normalize").asBoolean(),
        node.required("padId").asInt());
  }

  private static void settings(ObjectNode node, ModelSettings settings) {
    node.put("device", device(settings.device()))
        .put("cardMemory", settings.cardMemory().text())
        .put("lingerNanos", settings.linger().toNanos())
        .put("queueTimeoutNanos", settings.queueTimeout().toNanos());
    settings.lanes().ifPresent(value -> node.put("lanes", value));
    settings.maxBatchRows().ifPresent(value -> node.put("maxBatchRows", value));
    settings.maxBatchTokens().ifPresent(value -> node.put("maxBatchTokens", value));
    settings.maxQueueRows().ifPresent(value -> node.put("maxQueueRows", value));
    forming(node.putObject("forming"), settings.forming());
    VariantsJson.write(node.putObject("variants"), settings.variants());
  }

  private static void forming(ObjectNode node, FormingSettings forming) {
    ArrayNode preferred = node.put("keepOrder", forming.keepOrder()).putArray("preferredRows");
    forming.preferredRows().forEach(preferred::add);
    forming.maxBatchBytes().ifPresent(value -> node.put("maxBatchBytes", value));
    forming.targetWait().ifPresent(value -> node.put("targetWaitNanos", value.toNanos()));
    forming
        .tenantWeights()
        .ifPresent(weights -> weights.forEach(node.putObject("tenantWeights")::put));
    forming.maxTenantShare().ifPresent(value -> node.put("maxTenantShare", value));
  }

  private static ModelSettings settings(JsonNode node) {
    return new ModelSettings(
        DeviceChoice.parse(node.required("device").asText()),
        integer(node.get("lanes")),
        integer(node.get("maxBatchRows")),
        whole(node.get("maxBatchTokens")),
        Duration.ofNanos(node.required("lingerNanos").asLong()),
        integer(node.get("maxQueueRows")),
        Duration.ofNanos(node.required("queueTimeoutNanos").asLong()),
        forming(node.required("forming")),
        VariantsJson.read(node.required("variants")),
        CardMemory.parse(node.required("cardMemory").asText()).orElseThrow());
  }

  private static FormingSettings forming(JsonNode node) {
    List<Integer> preferred = new ArrayList<>();
    node.required("preferredRows").forEach(rows -> preferred.add(rows.asInt()));
    JsonNode wait = node.get("targetWaitNanos");
    JsonNode share = node.get("maxTenantShare");
    return new FormingSettings(
        preferred,
        node.required("keepOrder").asBoolean(),
        whole(node.get("maxBatchBytes")),
        wait == null ? Optional.empty() : Optional.of(Duration.ofNanos(wait.asLong())),
        weights(node.get("tenantWeights")),
        share == null ? OptionalDouble.empty() : OptionalDouble.of(share.asDouble()));
  }

  private static Optional<Map<String, Integer>> weights(@Nullable JsonNode node) {
    if (node == null) {
      return Optional.empty();
    }
    Map<String, Integer> weights = new HashMap<>();
    node.properties().forEach(each -> weights.put(each.getKey(), each.getValue().asInt()));
    return Optional.of(weights);
  }

  private static OptionalLong whole(@Nullable JsonNode node) {
    return node == null ? OptionalLong.empty() : OptionalLong.of(node.asLong());
  }

  private static OptionalInt integer(@Nullable JsonNode node) {
    return node == null ? OptionalInt.empty() : OptionalInt.of(node.asInt());
  }

  private static String device(DeviceChoice device) {
    return switch (device) {
      case DeviceChoice.Auto auto -> "auto";
      case DeviceChoice.Cpu cpu -> "cpu";
      case DeviceChoice.Gpu gpu -> "gpu:" + gpu.index();
    };
  }
}
