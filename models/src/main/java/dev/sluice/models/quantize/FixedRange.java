// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.tensor.Tensor;
import java.nio.FloatBuffer;

/** Looks at the values that a fixed scale is for, to find better ends for it. For one thread. */
final class FixedRange {
  private final TensorPlan.Fixed plan;
  private final Histogram histogram;

  /**
   * @param seen the ranges of all values that will come
   */
  FixedRange(TensorPlan.Fixed plan, ActivationStats seen) {
    this.plan = plan;
    this.histogram = new Histogram(ValueRange.of(seen, plan.smoothing(), plan.outliers()));
  }

  void add(Tensor value) {
    int channels = Math.toIntExact(value.dim(value.rank() - 1));
    FloatBuffer data = value.data().asFloatBuffer();
    for (int channel = 0; data.hasRemaining(); channel = (channel + 1) % channels) {
      float each = data.get();
      if (!plan.outliers().has(channel)) {
        histogram.add(each / plan.smoothing().of(channel));
      }
    }
  }

  TensorPlan.Fixed narrowed(RangeMethod method) {
    ValueRange range =
        switch (method) {
          case MIN_MAX -> histogram.range();
          case PERCENTILE -> histogram.percentile();
          case ENTROPY -> histogram.entropy();
        };
    return new TensorPlan.Fixed(plan.smoothing(), range.scale(), plan.outliers());
  }
}
