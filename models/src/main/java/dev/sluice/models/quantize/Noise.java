// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much a way to quantize disturbs what a group of layers computes: the power of the error over
 * the power of the result. An estimate, since it takes the errors of different channels as
 * independent; but it costs no run of the model, so that many ways can be compared.
 */
final class Noise {
  /** The variance of what rounding to steps of one does. */
  private static final double ROUNDING = 1.0 / 12;

  private final List<Matrix> weights;
  private final float[][] rows;
  private final WeightRange range;

  /** For each channel, the mean square of what is in it. */
  private final double[] power;

  /** For each channel, the sum of squares of the weights that it meets. */
  private final double[] gain;

  private final double signal;

  /** By identity: the same smoothing is tried with several scales. */
  private final Map<Smoothing, Double> ofWeights = new IdentityHashMap<>();

  /**
   * @param rows what the layers were given, some of it
   */
  Noise(List<Matrix> weights, float[][] rows, WeightRange range) {
    this.weights = weights;
    this.rows = rows;
    this.range = range;
    int channels = weights.getFirst().rows();
    power = new double[channels];
    gain = new double[channels];
    for (float[] row : rows) {
      for (int j = 0; j < channels; j++) {
        power[j] += (double) row[j] * row[j] / rows.length;
      }
    }
    for (Matrix matrix : weights) {
      for (int i = 0; i < matrix.values().length; i++) {
        gain[i / matrix.columns()] += (double) matrix.values()[i] * matrix.values()[i];
      }
    }
    double sum = 0;
    for (int j = 0; j < channels; j++) {
      sum += power[j] * gain[j];
    }
    signal = sum;
  }

  /** The largest magnitude of the weights that each channel meets. */
  float[] weightMagnitudes() {
    float[] largest = new float[gain.length];
    for (Matrix matrix : weights) {
      for (int i = 0; i < matrix.values().length; i++) {
        int row = i / matrix.columns();
        largest[row] = Math.max(largest[row], Math.abs(matrix.values()[i]));
      }
    }
    return largest;
  }

  double of(TensorPlan.Fixed plan) {
    double noise = 0;
    for (float[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        float smooth = row[j] / plan.smoothing().of(j);
        float held =
            plan.outliers().has(j)
                ? Math.clamp(smooth, plan.scale().low(), plan.scale().high())
                : smooth;
        noise += weighted(j, held - plan.scale().nearest(held), plan.smoothing());
      }
    }
    return relative(noise / rows.length + ofWeights(plan.smoothing()));
  }

  double of(TensorPlan.PerToken plan) {
    double noise = 0;
    for (float[] row : rows) {
      double most = 0;
      for (int j = 0; j < row.length; j++) {
        most = Math.max(most, Math.abs(row[j] / plan.smoothing().of(j)));
      }
      double step = most / Emitter.TOKEN_STEPS;
      for (int j = 0; j < row.length && step > 0; j++) {
        double smooth = row[j] / plan.smoothing().of(j);
        noise += weighted(j, smooth - Math.rint(smooth / step) * step, plan.smoothing());
      }
    }
    return relative(noise / rows.length + ofWeights(plan.smoothing()));
  }

  private double weighted(int channel, double error, Smoothing smoothing) {
    double whole = error * smoothing.of(channel);
    return whole * whole * gain[channel];
  }

  private double ofWeights(Smoothing smoothing) {
    return ofWeights.computeIfAbsent(smoothing, this::measureWeights);
  }

  private double measureWeights(Smoothing smoothing) {
    double steps = 0;
    for (Matrix matrix : weights) {
      for (float largest : smoothing.weights(matrix).columnAbsMax()) {
        double step = (double) largest / range.most();
        steps += step * step * ROUNDING;
      }
    }
    double smoothed = 0;
    for (int j = 0; j < power.length; j++) {
      smoothed += power[j] / ((double) smoothing.of(j) * smoothing.of(j));
    }
    return steps * smoothed;
  }

  private double relative(double noise) {
    return signal == 0 ? 0 : noise / signal;
  }
}
