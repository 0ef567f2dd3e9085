// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.serving.TextEmbedder.EmbedLane;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.text.TextTooLongException;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/** Measures an embedding model on texts. One measurement, one thread. */
final class TextFidelity {
  /** Widths that batches are padded to beside their own, where the model takes so much. */
  private static final int[] PADDINGS = {0, 32, 128, 256};

  private static final int TIMED_TOKENS = 128;

  /** One row keeps a core busy, but no card. */
  private static final int TIMED_ROWS_ON_CARDS = 32;

  private final boolean normalize;
  private final int maxTokens;
  private final Optional<Packed> packed;
  private final EmbedLane model;
  private final EmbedLane rival;
  private final EmbedLane variant;
  private final DoubleConsumer progress;

  private TextFidelity(
      TextSpec text,
      int maxTokens,
      Optional<Packed> packed,
      EmbedLane model,
      EmbedLane rival,
      EmbedLane variant,
      DoubleConsumer progress) {
    this.normalize = text.normalize();
    this.maxTokens = maxTokens;
    this.packed = packed;
    this.model = model;
    this.rival = rival;
    this.variant = variant;
    this.progress = progress;
  }

  static Fidelity measure(
      TextEmbedder model,
      TextEmbedder rival,
      TextEmbedder variant,
      List<String> texts,
      Speed speed,
      double sizeRatio,
      DoubleConsumer progress)
      throws EngineException {
    List<int[]> rows = tokenize(model, texts);
    TextSpec text = Objects.requireNonNull(model.spec().text(), "an embedding model");
    try (EmbedLane own = model.newLane();
        EmbedLane timed = rival.newLane();
        EmbedLane derived = variant.newLane()) {
      return new TextFidelity(
              text, model.maxTokens(), variant.packed(), own, timed, derived, progress)
          .measure(rows, speed, sizeRatio);
    }
  }

  /** What the tokenizer leaves nothing of cannot be run, here as in the server. */
  private static List<int[]> tokenize(TextEmbedder model, List<String> texts)
      throws EngineException {
    List<int[]> rows = new ArrayList<>();
    for (String text : texts) {
      try {
        int[] ids = model.tokenize(text, Truncation.END).ids();
        if (ids.length > 0) {
          rows.add(ids);
        }
      } catch (TextTooLongException e) {
        throw new AssertionError("what is too long was to be cut", e);
      }
    }
    if (rows.isEmpty()) {
      throw new EngineException("there is no text to measure the variant on");
    }
    return rows;
  }

  private Fidelity measure(List<int[]> rows, Speed speed, double sizeRatio) throws EngineException {
    Comparison comparison = new Comparison();
    List<float[]> right = new ArrayList<>(rows.size());
    List<float[]> answers = new ArrayList<>(rows.size());
    for (int[] row : rows) {
      right.add(run(model, row)[0]);
      answers.add(run(variant, row)[0]);
      comparison.add(right.getLast(), answers.getLast());
      progress.accept(0.5 * right.size() / rows.size());
    }
    double batchCosineMin = inCompany(rows, answers);
    int[][] timed = timed(rows.getFirst());
    double ratio = speed.ratio(() -> run(rival, timed), () -> run(variant, timed));
    progress.accept(1);
    return new Fidelity(
        comparison.mean(),
        comparison.reachedBy(0.99),
        comparison.min(),
        Neighbours.overlap(right, answers),
        comparison.maxError(),
        batchCosineMin,
        ratio,
        sizeRatio);
  }

  private int[][] timed(int[] row) {
    int tokens = Math.min(TIMED_TOKENS, maxTokens);
    int rows =
        packed
            .map(most -> Math.clamp(most.tokens() / tokens, 1, most.rows()))
            .map(most -> Math.min(most, TIMED_ROWS_ON_CARDS))
            .orElse(1);
    return Collections.nCopies(rows, ofLength(row, tokens)).toArray(int[][]::new);
  }

  /** The worst cosine between a text alone and the same text in a batch, at several paddings. */
  private double inCompany(List<int[]> rows, List<float[]> alone) throws EngineException {
    List<int[]> batches = Company.batches(rows.size());
    double worst = 1;
    for (int i = 0; i < batches.size(); i++) {
      int padding = Math.min(PADDINGS[i % PADDINGS.length], maxTokens);
      int[] members = fitting(batches.get(i), rows, padding);
      int[][] batch = new int[members.length + (padding > 0 ? 1 : 0)][];
      Arrays.setAll(
          batch,
          place ->
              place < members.length
                  ? rows.get(members[place])
                  : ofLength(rows.getFirst(), padding));
      float[][] together = run(variant, batch);
      for (int place = 0; place < members.length; place++) {
        worst = Math.min(worst, Comparison.cosine(alone.get(members[place]), together[place]));
      }
      progress.accept(0.5 + 0.4 * (i + 1) / batches.size());
    }
    return worst;
  }

  /** As many of them as fit into a batch beside the padding, which may be none. */
  private int[] fitting(int[] members, List<int[]> rows, int padding) {
    long room = packed.map(Packed::tokens).orElse(Integer.MAX_VALUE) - (long) padding;
    int count = 0;
    while (count < members.length && rows.get(members[count]).length <= room) {
      room -= rows.get(members[count]).length;
      count++;
    }
    return Arrays.copyOf(members, count);
  }

  private float[][] run(EmbedLane lane, int[]... batch) throws EngineException {
    float[][] vectors;
    try {
      vectors = lane.run(batch);
    } catch (EngineException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException("a run of the model failed: " + e.getMessage(), e);
    }
    Arrays.setAll(vectors, i -> Vectors.shape(vectors[i], 0, normalize));
    return vectors;
  }

  private static int[] ofLength(int[] ids, int length) {
    int[] row = new int[length];
    Arrays.setAll(row, i -> ids[i % ids.length]);
    return row;
  }
}
