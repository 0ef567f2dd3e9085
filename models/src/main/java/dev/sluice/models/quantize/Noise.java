// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import java.util.IdentityHashMap;
import java.util.List;

/**
 * How much a way to quantize disturbs what a group of layers computes: the power of the error over
 * the power of the result, token by token and on the mean, since models scale each token on its
 * own. An estimate, as it takes the errors of different channels as independent; but it costs no
 * run of the model, so that many ways can be compared.
 */
final class Noise {
  /** The variance of what rounding to steps of one does. */
  private static final double ROUNDING = 1.0 / 12;

  private final List<Matrix> weights;
  private final float[][] rows;
  private final WeightRange range;

  /** For each channel, the sum of squares of the weights that it meets. */
  private final double[] gain;

  /** By identity: the same smoothing is tried with several scales. */
  private final IdentityHashMap<Smoothing, Double> ofWeights = new IdentityHashMap<>();

  /**
   * @param rows what the layers were given, some of it
   */
  Noise(List<Matrix> weights, float[][] rows, WeightRange range) {
    this.weights = weights;
    this.rows = rows;
    this.range = range;
    gain = new double[weights.getFirst().rows()];
    for (Matrix matrix : weights) {
      for (int i = 0; i < matrix.values().length; i++) {
        gain[i / matrix.columns()] += (double) matrix.values()[i] * matrix.values()[i];
      }
    }
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
    float low = plan.scale().low();
    float high = plan.scale().high();
    return mean(
        plan.smoothing(),
        smooth -> {
          for (int channel : plan.outliers().channels()) {
            smooth[channel] = Math.clamp(smooth[channel], low, high);
          }
          for (int j = 0; j < smooth.length; j++) {
            smooth[j] -= plan.scale().nearest(smooth[j]);
          }
        });
  }

  double of(TensorPlan.PerToken plan) {
    return mean(
        plan.smoothing(),
        smooth -> {
          float most = 0;
          for (float value : smooth) {
            most = Math.max(most, Math.abs(value));
          }
          float step = most / Emitter.TOKEN_STEPS;
          for (int j = 0; j < smooth.length && step > 0; j++) {
            smooth[j] -= (float) Math.rint(smooth[j] / step) * step;
          }
        });
  }

  /** Makes of a row its rounding errors. */
  private interface Rounding {
    void errors(float[] smooth);
  }

  private double mean(Smoothing smoothing, Rounding rounding) {
    double steps = ofWeights.computeIfAbsent(smoothing, this::measureWeights);
    double sum = 0;
    for (float[] row : rows) {
      float[] smooth = new float[row.length];
      double signal = 0;
      double noise = 0;
      for (int j = 0; j < row.length; j++) {
        smooth[j] = row[j] / smoothing.of(j);
        signal += (double) row[j] * row[j] * gain[j];
        noise += (double) smooth[j] * smooth[j] * steps;
      }
      rounding.errors(smooth);
      for (int j = 0; j < row.length; j++) {
        double error = (double) smooth[j] * smoothing.of(j);
        noise += error * error * gain[j];
      }
      sum += signal == 0 ? 0 : noise / signal;
    }
    return sum / rows.length;
  }

  /** The power of the rounding errors of all weights that a channel meets. */
  private double measureWeights(Smoothing smoothing) {
    double steps = 0;
    for (Matrix matrix : weights) {
      for (float largest : smoothing.weights(matrix).columnAbsMax()) {
        double step = (double) largest / range.most();
        steps += step * step * ROUNDING;
      }
    }
    return steps;
  }
}
