// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostModelTest {
  private final CostModel model = new CostModel();
  private final Random random = new Random(1);

  /** A batch of random shape that takes a + b * tokens + c * rows, times a factor. */
  private void run(double a, double b, double c, double factor) {
    int rows = 1 + random.nextInt(32);
    long tokens = (long) rows * (1 + random.nextInt(512));
    model.ran(rows, tokens, (long) (factor * (a + b * (double) tokens + c * rows)));
  }

  private double noise(double most) {
    return 1 - most + 2 * most * random.nextDouble();
  }

  private void assertPredicts(double a, double b, double c, double tolerance) {
    for (int rows : new int[] {1, 8, 32}) {
      for (int length : new int[] {8, 128, 512}) {
        double tokens = (double) rows * length;
        double expected = a + b * tokens + c * rows;
        assertThat(model.nanos(rows, tokens))
            .as("%d rows of %d", rows, length)
            .isCloseTo(expected, within(tolerance * expected));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1e6, 700, 20000",
    "1e6, 700, 0",
    "0, 700, 20000",
    "1e6, 0, 0",
    "0, 1, 0",
    "100, 0, 3e9",
    "5e9, 1e6, 1e7"
  })
  void learns_an_exact_world(double a, double b, double c) {
    for (int i = 0; i < 60; i++) {
      run(a, b, c, 1);
    }
    assertPredicts(a, b, c, 0.01);
    assertThat(model.confident()).isTrue();
    assertThat(model.overheadNanos() + model.workNanos(3, 300)).isEqualTo(model.nanos(3, 300));
  }

  @Test
  void is_not_misled_by_outliers() {
    for (int i = 0; i < 500; i++) {
      run(1e6, 700, 20_000, noise(0.05) * (random.nextInt(10) == 0 ? 50 : 1));
    }
    assertPredicts(1e6, 700, 20_000, 0.1);
    assertThat(model.usualError()).isLessThan(0.2);
    assertThat(model.confident()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1", "0", "-5000000000", "9000000000000000000"})
  void one_reading_of_a_clock_that_jumps_changes_next_to_nothing(long nanos) {
    for (int i = 0; i < 60; i++) {
      run(1e6, 700, 20_000, 1);
    }
    model.ran(16, 2_000, nanos);
    assertPredicts(1e6, 700, 20_000, 0.03);
  }

  @ParameterizedTest
  @CsvSource({"10", "0.1", "1.5", "0.67"})
  void follows_a_lasting_change_within_a_few_batches(double factor) {
    for (int i = 0; i < 200; i++) {
      run(1e6, 700, 20_000, noise(0.03));
    }
    for (int i = 0; i < 20; i++) {
      run(1e6, 700, 20_000, factor * noise(0.03));
    }
    assertPredicts(factor * 1e6, factor * 700, factor * 20_000, 0.15);
    assertThat(model.confident()).isTrue();
  }

  @Test
  void stands_when_all_batches_are_alike() {
    for (int i = 0; i < 100; i++) {
      model.ran(8, 1_024, (long) (4e6 * noise(0.02)));
    }
    assertThat(model.nanos(8, 1_024)).isCloseTo(4e6, within(1e5));
    // Nobody can know what of it is whose; what is foretold for others lies between all and
    // nothing.
    assertThat(model.nanos(1, 128)).isBetween(4e6 / 8, 4e6);
    assertThat(model.nanos(16, 2_048)).isBetween(4e6, 2 * 4.1e6);
  }

  @Test
  void never_foretells_less_than_nothing() {
    // Larger batches that take less: the best line through them falls.
    for (int i = 1; i < 200; i++) {
      int rows = 1 + i % 32;
      model.ran(rows, rows * 100L, 1_000_000 / rows);
    }
    for (int rows = 1; rows < 10_000; rows *= 3) {
      assertThat(model.nanos(rows, rows * 100.0)).isGreaterThanOrEqualTo(0);
      assertThat(model.workNanos(rows, 0)).isGreaterThanOrEqualTo(0);
    }
    assertThat(model.overheadNanos()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void is_sure_of_nothing_before_it_has_seen_enough() {
    assertThat(model.confident()).isFalse();
    for (int i = 1; i < CostModel.FEWEST; i++) {
      run(1e6, 700, 0, 1);
      assertThat(model.confident()).isFalse();
    }
    run(1e6, 700, 0, 1);
    assertThat(model.confident()).isTrue();
  }

  @Test
  void is_not_sure_where_nothing_follows_from_the_shape() {
    for (int i = 0; i < 500; i++) {
      model.ran(4, 400, (long) Math.pow(10, 3 + 6 * random.nextDouble()));
    }
    assertThat(model.confident()).isFalse();
  }
}
