// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.spec.FidelityBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Models whose errors are known, so that every number of the report is. */
class TextFidelityTest {
  private static final List<String> TEXTS =
      IntStream.range(0, 40).mapToObj(i -> "text " + "abcdefgh".repeat(i % 5) + i).toList();

  private final AtomicLong clock = new AtomicLong();

  private Fidelity measure(FakeEmbedder.Answers model, FakeEmbedder.Answers variant)
      throws EngineException {
    return new FidelityMeter(clock::get)
        .ofTexts(new FakeEmbedder(model), new FakeEmbedder(variant), TEXTS, 0.5, share -> {});
  }

  /** Other for each text, the same for the same. */
  private static float[] vector(int[] ids) {
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(ids));
    float[] vector = new float[8];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static float[] turned(float[] vector, double by) {
    float[] other = vector.clone();
    other[0] = (float) (vector[0] * Math.cos(by) - vector[1] * Math.sin(by));
    other[1] = (float) (vector[0] * Math.sin(by) + vector[1] * Math.cos(by));
    return other;
  }

  @Test
  void aCopyIsPerfect() throws Exception {
    Fidelity fidelity = measure((ids, row, batch) -> vector(ids), (ids, row, batch) -> vector(ids));
    assertThat(fidelity.cosineMean()).isEqualTo(1);
    assertThat(fidelity.cosineMin()).isEqualTo(1);
    assertThat(fidelity.neighbours()).isEqualTo(1);
    assertThat(fidelity.maxError()).isZero();
    assertThat(fidelity.batchCosineMin()).isEqualTo(1);
    assertThat(fidelity.sizeRatio()).isEqualTo(0.5);
    assertThat(fidelity.missed(FidelityBudget.DEFAULT)).isEmpty();
  }

  @Test
  void oneBadAnswerShowsInTheWorstAndNotInTheOneOfNinetyNine() throws Exception {
    List<String> many = IntStream.range(0, 200).mapToObj(i -> "t" + i).toList();
    FakeEmbedder bad =
        new FakeEmbedder(
            (ids, row, batch) ->
                Arrays.equals(ids, "t7".chars().toArray()) ? times(vector(ids), -1) : vector(ids));
    Fidelity fidelity =
        new FidelityMeter(clock::get)
            .ofTexts(new FakeEmbedder((ids, row, batch) -> vector(ids)), bad, many, 1, share -> {});
    assertThat(fidelity.cosineMin()).isCloseTo(-1, within(1e-6));
    assertThat(fidelity.cosineP1()).isEqualTo(1);
    assertThat(fidelity.cosineMean()).isCloseTo(0.99, within(1e-6));
    assertThat(fidelity.missed(FidelityBudget.DEFAULT))
        .containsExactly("the mean cosine is 0.9900000, below 0.995");
  }

  private static float[] times(float[] vector, float factor) {
    float[] other = vector.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] *= factor;
    }
    return other;
  }

  @Test
  void scaleDoesNotCountWhereVectorsAreNormalised() throws Exception {
    Fidelity fidelity =
        measure((ids, row, batch) -> vector(ids), (ids, row, batch) -> times(vector(ids), 1000));
    assertThat(fidelity.maxError()).isLessThan(1e-6);
    assertThat(fidelity.cosineMin()).isGreaterThan(1 - 1e-6);
  }

  @Test
  void whatDependsOnTheMatesIsFound() throws Exception {
    Fidelity fidelity =
        measure(
            (ids, row, batch) -> vector(ids),
            (ids, row, batch) -> turned(vector(ids), batch.length > 4 ? 0.1 : 0));
    assertThat(fidelity.cosineMin()).isEqualTo(1);
    assertThat(fidelity.batchCosineMin()).isLessThan(0.999);
    assertThat(fidelity.missed(FidelityBudget.DEFAULT))
        .singleElement()
        .asString()
        .startsWith("the worst cosine of one input in two batches is 0.9");
  }

  @Test
  void whatDependsOnThePaddingAloneIsFound() throws Exception {
    Fidelity fidelity =
        measure(
            (ids, row, batch) -> vector(ids),
            (ids, row, batch) -> {
              int width = Arrays.stream(batch).mapToInt(one -> one.length).max().orElse(0);
              return turned(vector(ids), width == FakeEmbedder.MAX_TOKENS ? 0.1 : 0);
            });
    assertThat(fidelity.batchCosineMin()).isLessThan(0.999);
  }

  @Test
  void whatIsNoNumberIsWorst() throws Exception {
    Fidelity fidelity =
        measure(
            (ids, row, batch) -> vector(ids),
            (ids, row, batch) -> new float[] {Float.NaN, 0, 0, 0, 0, 0, 0, 0});
    assertThat(fidelity.cosineMean()).isZero();
    assertThat(fidelity.missed(FidelityBudget.DEFAULT)).hasSize(2);
  }

  @Test
  void otherNeighboursAreCounted() throws Exception {
    Fidelity fidelity =
        measure(
            (ids, row, batch) -> vector(ids),
            (ids, row, batch) -> vector(new int[] {Arrays.hashCode(ids)}));
    assertThat(fidelity.neighbours()).isBetween(0.1, 0.5);
  }

  @Test
  void speedIsTheRatioOfMedians() throws Exception {
    Fidelity fidelity =
        measure(
            (ids, row, batch) -> {
              clock.addAndGet(3_000);
              return vector(ids);
            },
            (ids, row, batch) -> {
              clock.addAndGet(1_000);
              return vector(ids);
            });
    assertThat(fidelity.speedRatio()).isEqualTo(3);
  }

  @Test
  void aRivalIsWhatSpeedIsComparedWith() throws Exception {
    FakeEmbedder right = new FakeEmbedder((ids, row, batch) -> vector(ids));
    FakeEmbedder variant =
        new FakeEmbedder(
            (ids, row, batch) -> {
              clock.addAndGet(1_000);
              return vector(ids);
            });
    FakeEmbedder rival =
        new FakeEmbedder(
            (ids, row, batch) -> {
              clock.addAndGet(2_000);
              return times(vector(ids), -1);
            });
    Fidelity fidelity =
        new FidelityMeter(clock::get).ofTexts(right, rival, variant, TEXTS, 1, share -> {});
    assertThat(fidelity.speedRatio()).isEqualTo(2);
    assertThat(fidelity.cosineMin()).isEqualTo(1);
  }

  @Test
  void whatPacksItsBatchesIsGivenNoMoreThanFitsAndTimedByAFullOne() throws Exception {
    List<Integer> tokens = new ArrayList<>();
    FakeEmbedder variant =
        new FakeEmbedder(
            (ids, row, batch) -> {
              tokens.add(Arrays.stream(batch).mapToInt(one -> one.length).sum());
              return vector(ids);
            },
            Optional.of(new Packed("int8", 150, 100, 1)));
    List<String> texts = IntStream.range(1, 40).mapToObj("t"::repeat).toList();
    new FidelityMeter(clock::get)
        .ofTexts(
            new FakeEmbedder((ids, row, batch) -> vector(ids)), variant, texts, 1, share -> {});
    assertThat(tokens).allSatisfy(one -> assertThat(one).isLessThanOrEqualTo(150));
    assertThat(tokens).as("in company").anySatisfy(one -> assertThat(one).isGreaterThan(128));
    assertThat(tokens.getLast()).isEqualTo(2 * FakeEmbedder.MAX_TOKENS);
  }

  @Test
  void slowModelsAreTimedInFewRounds() throws Exception {
    long minute = 60_000_000_000L;
    int[] runs = {0};
    measure(
        (ids, row, batch) -> {
          runs[0]++;
          clock.addAndGet(minute);
          return vector(ids);
        },
        (ids, row, batch) -> vector(ids));
    assertThat(runs[0]).isEqualTo(TEXTS.size() + 1 + 3);
  }

  @Test
  void progressNeverFalls() throws Exception {
    List<Double> told = new ArrayList<>();
    FakeEmbedder model = new FakeEmbedder((ids, row, batch) -> vector(ids));
    new FidelityMeter(clock::get).ofTexts(model, model, TEXTS, 1, told::add);
    assertThat(told).isSorted().endsWith(1.0).hasSizeGreaterThan(50);
  }

  @Test
  void noTextsAreNoMeasure() {
    FakeEmbedder model = new FakeEmbedder((ids, row, batch) -> vector(ids));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () -> new FidelityMeter(clock::get).ofTexts(model, model, List.of(""), 1, share -> {}))
        .withMessage("there is no text to measure the variant on");
  }
}
