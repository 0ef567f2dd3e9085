// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.proto.inference.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text model as Hugging Face and sentence-transformers lay it out. One with a head for sequence
 * classification is served over its tensors.
 */
final class HuggingFaceLayout {
  private static final Logger log = LoggerFactory.getLogger(HuggingFaceLayout.class);
  private static final long VERSION = 1;
  private static final String CONFIG = "config.json";
  private static final String CLASSIFIER = "ForSequenceClassification";

  private HuggingFaceLayout() {}

  /** A folder of an image or audio model has a configuration too, but a preprocessor for it. */
  static boolean matches(ModelFolder folder, Overrides overrides) {
    return overrides.asks(Task.EMBED)
        || folder.has(SentenceModules.FILE)
        || folder.has(TokenizerFile.NAME)
        || (folder.has(CONFIG) && !folder.has("preprocessor_config.json"));
  }

  static List<ModelSpec> read(ModelFolder folder, Overrides overrides) throws RefusedException {
    if (overrides.asks(Task.TENSOR)) {
      return List.of(
          tensorModel(
              folder,
              folder.has(SentenceModules.FILE) ? SentenceModules.read(folder).prefix() : "",
              overrides));
    }
    SentenceModules modules = SentenceModules.read(folder);
    JsonNode config = config(folder, modules, overrides);
    boolean classifies = !overrides.asks(Task.EMBED) && isClassifier(config);
    return List.of(
        classifies
            ? tensorModel(folder, modules.prefix(), overrides)
            : embedder(folder, modules, config, overrides));
  }

  private static ModelSpec tensorModel(ModelFolder folder, String prefix, Overrides overrides)
      throws RefusedException {
    return BareLayout.spec(folder, HuggingFaceOnnx.choose(folder, prefix, overrides), overrides);
  }

  private static JsonNode config(ModelFolder folder, SentenceModules modules, Overrides overrides)
      throws RefusedException {
    String file = modules.prefix() + CONFIG;
    if (!folder.has(file) && overrides.maxTokens().isEmpty()) {
      throw new RefusedException(
          file + " is missing; copy it from the model, or set max_tokens in model.yaml");
    }
    return JsonFile.optionalObject(folder, file);
  }

  private static boolean isClassifier(JsonNode config) {
    for (JsonNode architecture : config.path("architectures")) {
      if (architecture.asText().endsWith(CLASSIFIER)) {
        return true;
      }
    }
    return false;
  }

  private static ModelSpec embedder(
      ModelFolder folder, SentenceModules modules, JsonNode config, Overrides overrides)
      throws RefusedException {
    TokenizerFile tokenizer = TokenizerFile.read(folder, modules.prefix() + TokenizerFile.NAME);
    String relative = HuggingFaceOnnx.choose(folder, modules.prefix(), overrides);
    Path file = folder.file(relative);
    EngineKind engine = BareLayout.engine(relative, overrides);
    Optional<OnnxFacts> facts = Optional.empty();
    if (engine == EngineKind.ONNX_RUNTIME) {
      facts = Optional.of(OnnxCheck.check(folder, file));
    } else {
      ModelFile.check(folder, engine, file);
    }
    return new ModelSpec(
        folder.name(),
        VERSION,
        Task.EMBED,
        engine,
        folder.directory(),
        file,
        overrides.config(ModelConfig.getDefaultInstance()),
        text(
            folder,
            modules,
            config,
            tokenizer,
            pooling(folder, modules, facts, overrides),
            overrides),
        overrides.settings(ModelSettings.DEFAULT));
  }

  private static TextSpec text(
      ModelFolder folder,
      SentenceModules modules,
      JsonNode config,
      TokenizerFile tokenizer,
      Pooling pooling,
      Overrides overrides)
      throws RefusedException {
    String prefix = modules.prefix();
    JsonNode tokenizerConfig = JsonFile.optionalObject(folder, prefix + "tokenizer_config.json");
    JsonNode sentence = JsonFile.optionalObject(folder, prefix + "sentence_bert_config.json");
    int padId = PadId.of(config, tokenizerConfig, tokenizer);
    int maxTokens =
        overrides.maxTokens().isPresent()
            ? overrides.maxTokens().getAsInt()
            : MaxTokens.of(folder, prefix, config, tokenizerConfig, padId);
    warnOfPrompt(folder);
    return new TextSpec(
        tokenizer.path(),
        maxTokens,
        sentence.path("do_lower_case").asBoolean(false),
        pooling,
        overrides.normalize().orElse(modules.normalize()),
        padId);
  }

  private static Pooling pooling(
      ModelFolder folder, SentenceModules modules, Optional<OnnxFacts> facts, Overrides overrides)
      throws RefusedException {
    if (overrides.pooling().isPresent()) {
      return overrides.pooling().get();
    }
    Optional<Pooling> stated =
        modules.pooling().isPresent()
            ? Optional.of(PoolingFile.read(folder, modules.pooling().get()))
            : Optional.empty();
    boolean pooledInside =
        facts.isPresent()
            && facts.get().hasOutput("sentence_embedding")
            && !facts.get().hasTokenVectors();
    if (pooledInside) {
      return Pooling.NONE;
    }
    if (stated.isEmpty()) {
      log.warn(
          "{}: no file says how token vectors become one; taking their mean, as"
              + " sentence-transformers does. 'pooling' in model.yaml changes that",
          folder.name());
    }
    return stated.orElse(Pooling.MEAN);
  }

  /** Texts are embedded as they come; a model that was made for a prompt gets none by itself. */
  private static void warnOfPrompt(ModelFolder folder) throws RefusedException {
    JsonNode config = JsonFile.optionalObject(folder, "config_sentence_transformers.json");
    String prompt = config.path("default_prompt_name").asText("");
    if (!prompt.isEmpty() && !config.path("prompts").path(prompt).asText("").isEmpty()) {
      log.warn(
          "{}: the model's default prompt '{}' is not put before texts; clients must do it",
          folder.name(),
          ModelNames.printable(prompt));
    }
  }
}
