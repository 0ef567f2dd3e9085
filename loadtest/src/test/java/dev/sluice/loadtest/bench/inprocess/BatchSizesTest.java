// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BatchSizesTest {
  @Test
  void theDifferenceIsWhatWasRunMeanwhile() {
    BatchSizes before = new BatchSizes(Map.of(1L, 10L, 4L, 2L));
    BatchSizes after = new BatchSizes(Map.of(1L, 10L, 4L, 5L, 8L, 1L));

    BatchSizes run = after.since(before);

    assertThat(run).isEqualTo(new BatchSizes(Map.of(4L, 3L, 8L, 1L)));
    assertThat(run.mean()).isEqualTo(5);
  }

  @Test
  void nothingRunHasNoMean() {
    assertThat(new BatchSizes(Map.of()).mean()).isZero();
  }

  @Test
  void aLineOfTextHoldsAll() {
    BatchSizes sizes = new BatchSizes(Map.of(1L, 40L, 32L, 7L));

    assertThat(sizes.format()).isEqualTo("1:40,32:7");
    assertThat(BatchSizes.parse(sizes.format())).isEqualTo(sizes);
  }

  @Test
  void eachSizeIsDrawnAsOftenAsItWasSeen() {
    SizeDraw draw = new SizeDraw(new BatchSizes(Map.of(1L, 3L, 5L, 1L)), new SplittableRandom(7));
    int fives = 0;
    int draws = 10_000;
    for (int i = 0; i < draws; i++) {
      int rows = draw.next();
      assertThat(rows).isIn(1, 5);
      fives += rows == 5 ? 1 : 0;
    }
    assertThat(fives).isBetween(2_300, 2_700);
  }
}
