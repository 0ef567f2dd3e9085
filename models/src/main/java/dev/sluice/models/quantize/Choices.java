// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * Finds for a group of layers the plans that are worth it: those with the least noise, for the time
 * that they take. A multiplication to smooth, or a way round for outliers, costs time in each run.
 */
final class Choices {
  private static final double[] SHARES = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
  private static final int[] OUTLIERS = {0, 2, 4, 8};

  /** Outliers are one channel in so many at the most. */
  private static final int FEW = 16;

  /**
   * The noise that is borne to save all the time that the model's products take. The noises of all
   * groups add up, and so do the times, so that one price is right for all.
   */
  private static final double PRICE_OF_TIME = 0.25;

  private final ActivationStats stats;
  private final Noise noise;
  private final PlanTime time;
  private final float[] activations;
  private final float[] weights;

  Choices(ActivationStats stats, Noise noise, PlanTime time) {
    this.stats = stats;
    this.noise = noise;
    this.time = time;
    this.activations = stats.magnitudes();
    this.weights = noise.weightMagnitudes();
  }

  TensorPlan.Fixed fixed() {
    TensorPlan.Fixed best = fixed(Smoothing.NONE, 0);
    double least = Double.POSITIVE_INFINITY;
    for (int share = -1; share < SHARES.length; share++) {
      Smoothing smoothing = smoothing(share);
      for (int outliers : OUTLIERS) {
        if (outliers > activations.length / FEW) {
          break;
        }
        TensorPlan.Fixed plan = fixed(smoothing, outliers);
        double price = price(noise.of(plan), smoothing, outliers);
        if (price < least) {
          best = plan;
          least = price;
        }
      }
    }
    return best;
  }

  /** The nearest, whatever it costs: who asks for scales of each token has left speed behind. */
  TensorPlan.PerToken perToken() {
    TensorPlan.PerToken best = new TensorPlan.PerToken(Smoothing.NONE);
    double least = noise.of(best);
    for (int share = 0; share < SHARES.length; share++) {
      TensorPlan.PerToken plan = new TensorPlan.PerToken(smoothing(share));
      double noiseOfPlan = noise.of(plan);
      if (noiseOfPlan < least) {
        best = plan;
        least = noiseOfPlan;
      }
    }
    return best;
  }

  private Smoothing smoothing(int share) {
    return share < 0 ? Smoothing.NONE : Smoothing.of(activations, weights, SHARES[share]);
  }

  private double price(double noise, Smoothing smoothing, int outliers) {
    double slower = (smoothing.isNone() ? 0 : time.smoothing()) + time.outliers(outliers);
    return noise + PRICE_OF_TIME * slower;
  }

  private TensorPlan.Fixed fixed(Smoothing smoothing, int count) {
    Outliers outliers = Outliers.NONE;
    if (count > 0) {
      float[] smooth = activations.clone();
      for (int j = 0; j < smooth.length; j++) {
        smooth[j] /= smoothing.of(j);
      }
      outliers = Outliers.largest(smooth, count);
    }
    return new TensorPlan.Fixed(
        smoothing, ValueRange.of(stats, smoothing, outliers).scale(), outliers);
  }
}
