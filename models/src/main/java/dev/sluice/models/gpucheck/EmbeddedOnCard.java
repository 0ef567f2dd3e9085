// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import dev.sluice.models.derive.ShippedTexts;
import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.serving.DjlModelLoader;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.text.Truncation;
import dev.sluice.models.text.Vectors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The embedded model with its real weights: each variant on the card beside FP32 on the CPU, and
 * each text alone beside the same text in company. Says so where the distribution has not all that
 * it takes. For one thread.
 */
final class EmbeddedOnCard {
  private final Path cache;
  private final Consumer<String> report;
  private final Consumer<String> progress;

  /**
   * @param leastMean of the cosines of all texts
   */
  private record Wanted(String precision, double leastMean) {}

  private static final List<Wanted> WANTED =
      List.of(new Wanted("fp16", 0.9999), new Wanted("int8", 0.995));

  EmbeddedOnCard(Path cache, Consumer<String> report, Consumer<String> progress) {
    this.cache = cache;
    this.report = report;
    this.progress = progress;
  }

  /** Whether all variants do; true where there is nothing to compare. */
  boolean agrees(int texts) {
    progress.accept(EmbeddedModel.NAME + " beside FP32 on the CPU");
    report.accept("");
    report.accept("%s on the card beside FP32 on the CPU".formatted(EmbeddedModel.NAME));
    ModelSpec spec;
    try {
      spec = EmbeddedModel.allMiniLmL6V2(cache);
    } catch (EngineException e) {
      report.accept("left out: " + e.getMessage());
      return true;
    } catch (LinkageError e) {
      // The check packed alone has the card's libraries and no others.
      report.accept("left out: this distribution has no models and no engine for the CPU");
      return true;
    }
    try {
      return compare(spec, ShippedTexts.heldBack().subList(0, texts));
    } catch (Exception e) {
      report.accept("FAILED: " + e.getMessage());
      return false;
    }
  }

  private boolean compare(ModelSpec spec, List<String> texts) throws Exception {
    ModelSpec onCpu = spec.withSettings(spec.settings().on(DeviceChoice.CPU, OptionalInt.of(1)));
    int[][] batch = new int[texts.size()][];
    float[][] expected;
    try (TextEmbedder cpu = (TextEmbedder) new DjlModelLoader().load(onCpu);
        TextEmbedder.EmbedLane lane = cpu.newLane()) {
      for (int i = 0; i < batch.length; i++) {
        batch[i] = cpu.tokenize(texts.get(i), Truncation.END).ids();
      }
      expected = lane.run(batch);
    }
    boolean agrees = true;
    for (Wanted wanted : WANTED) {
      try (CardVariant variant = CardVariant.load(spec.file(), wanted.precision)) {
        agrees &= judge(wanted, variant, batch, expected);
      } catch (Exception e) {
        report.accept("%-5s  FAILED: %s".formatted(wanted.precision, e.getMessage()));
        agrees = false;
      }
    }
    return agrees;
  }

  private boolean judge(Wanted wanted, CardVariant variant, int[][] batch, float[][] expected)
      throws Exception {
    float[][] got = variant.run(batch);
    double sum = 0;
    double least = 1;
    double error = 0;
    boolean alike = true;
    for (int i = 0; i < batch.length; i++) {
      double cosine = Vectors.cosine(got[i], expected[i]);
      sum += cosine;
      least = Math.min(least, cosine);
      // Of vectors at length 1.
      error = Math.max(error, Math.sqrt(Math.max(0, 2 - 2 * cosine)));
      alike &= Arrays.equals(variant.run(new int[][] {batch[i]})[0], got[i]);
    }
    double mean = sum / batch.length;
    boolean near = mean >= wanted.leastMean;
    String verdict =
        !near
            ? "DISAGREES: the mean must be at least " + wanted.leastMean
            : alike ? "agrees" : "DISAGREES: a text has other bits alone than in company";
    report.accept(
        String.format(
            Locale.ROOT,
            "%-5s  cosine mean %.6f, least %.6f; error %.1e  %s",
            wanted.precision,
            mean,
            least,
            error,
            verdict));
    return near && alike;
  }
}
