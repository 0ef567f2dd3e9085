// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.TokenizedText;
import dev.sluice.models.text.Tokenizer;
import dev.sluice.models.text.Truncation;
import java.util.Objects;
import java.util.Optional;

/**
 * A tokenizer and a graph that fit together, proven by first runs. Immutable; every lane has its
 * own buffers.
 */
public final class LoadedTextEmbedder implements TextEmbedder {
  private final ModelSpec spec;
  private final TextSpec text;
  private final Tokenizer tokenizer;
  private final Graph graph;
  private final TextInputs inputs;
  private final TextOutput output;
  private final String variant;
  private final int lanes;
  private final int dimensions;
  private final TextWarmUp warmUp;

  private LoadedTextEmbedder(
      ModelSpec spec, TextSpec text, Tokenizer tokenizer, Graph graph, int availableCores)
      throws EngineException {
    this.text = text;
    this.tokenizer = tokenizer;
    this.graph = graph;
    this.inputs = TextInputs.of(graph.inputs());
    this.output =
        TextOutput.choose(
            graph.outputs(), graph.packed().isPresent() ? Pooling.NONE : text.pooling());
    this.lanes = LaneCount.of(spec, graph, availableCores);
    OnnxOutline outline = OnnxOutline.of(spec);
    this.variant = graph.packed().map(Packed::precision).orElse(outline.precision());
    checkVocabulary(tokenizer, outline);
    this.warmUp =
        new TextWarmUp(tokenizer, text.maxTokens(), warmUpRows(spec, graph), graph.device());
    try (EmbedLane lane = newLane()) {
      this.dimensions = warmUp.run(lane);
    }
    this.spec = spec.withConfig(TextConfig.complete(spec, dimensions));
  }

  /**
   * Loads, checks and warms an embedding model.
   *
   * @param availableCores how many lanes a model gets on the CPU that asks for no number
   * @throws EngineException saying what does not fit and what would; nothing stays loaded
   */
  public static LoadedTextEmbedder load(ModelSpec spec, Engines engines, int availableCores)
      throws EngineException {
    return load(spec, spec, engines, availableCores);
  }

  /**
   * The same, out of another file.
   *
   * @param spec the model as the world knows it
   * @param runs the same model out of a file that gives the same vectors
   */
  static LoadedTextEmbedder load(
      ModelSpec spec, ModelSpec runs, Engines engines, int availableCores) throws EngineException {
    TextSpec text = Objects.requireNonNull(runs.text(), "an embedding model has a text spec");
    Tokenizer tokenizer = Tokenizer.load(text);
    Graph graph = null;
    boolean loaded = false;
    try {
      graph = engines.load(runs);
      LoadedTextEmbedder embedder =
          new LoadedTextEmbedder(spec, text, tokenizer, graph, availableCores);
      loaded = true;
      return embedder;
    } finally {
      if (!loaded) {
        tokenizer.close();
        if (graph != null) {
          graph.close();
        }
      }
    }
  }

  /** As many as the largest batch has, or a packed one room for. */
  private static int warmUpRows(ModelSpec spec, Graph graph) {
    int room =
        graph
            .packed()
            .map(packed -> Math.min(packed.rows(), packed.tokens() / TextWarmUp.BATCH_TOKENS))
            .orElse(Integer.MAX_VALUE);
    return Math.max(1, Math.min(TextConfig.maxBatch(spec), room));
  }

  private static void checkVocabulary(Tokenizer tokenizer, OnnxOutline outline)
      throws EngineException {
    long known = outline.tokenIds().orElse(Long.MAX_VALUE);
    if (tokenizer.vocabulary() > known) {
      throw new EngineException(
          "the tokenizer is not this model's: it has "
              + tokenizer.vocabulary()
              + " token ids, the model "
              + known);
    }
  }

  @Override
  public ModelSpec spec() {
    return spec;
  }

  @Override
  public String device() {
    return graph.device();
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public int maxTokens() {
    return text.maxTokens();
  }

  @Override
  public int maxChars() {
    return tokenizer.maxChars();
  }

  @Override
  public String variant() {
    return variant;
  }

  @Override
  public Optional<Packed> packed() {
    return graph.packed();
  }

  @Override
  public TokenizedText tokenize(String input, Truncation truncation) throws TextTooLongException {
    return tokenizer.tokenize(input, truncation);
  }

  @Override
  public TokenizedText accept(int[] ids, Truncation truncation) throws TextTooLongException {
    return tokenizer.accept(ids, truncation);
  }

  @Override
  public void check(EmbedLane lane) throws EngineException {
    warmUp.check(lane);
  }

  @Override
  public EmbedLane newLane() {
    return new TextLane(graph.newLane(), inputs, text.padId(), output);
  }

  @Override
  public void close() {
    graph.close();
    tokenizer.close();
  }
}
