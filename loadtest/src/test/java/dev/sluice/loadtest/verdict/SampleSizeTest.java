// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.result.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SampleSizeTest {
  private static final List<Integer> OVER = List.of(0, 1, 5, 10, 50, 100, 500);

  @Test
  void theFewestSamplesAreThoseOfMlPerfsTable() {
    row(0.05, 90, 130, 259, 398, 1372, 2504, 11064);
    row(0.01, 459, 662, 1307, 2010, 6898, 12571, 55427);
    row(0.001, 4603, 6636, 13105, 20140, 69058, 125826, 554510);
  }

  @Test
  void oneSampleFewerDoesNotPass() {
    assertThat(SampleSize.judge(0, 459, 0.01)).isEqualTo(Verdict.State.PASS);
    assertThat(SampleSize.judge(0, 458, 0.01)).isEqualTo(Verdict.State.INCONCLUSIVE);
  }

  @Test
  void aRunFailsWhenSoManyOverWouldBeRare() {
    // of 1000 calls at exactly 1 %, 19 or more are over in 0.7 % of runs, and 18 in 1.4 %
    assertThat(SampleSize.judge(19, 1000, 0.01)).isEqualTo(Verdict.State.FAIL);
    assertThat(SampleSize.judge(18, 1000, 0.01)).isEqualTo(Verdict.State.INCONCLUSIVE);
    assertThat(SampleSize.judge(5, 5, 0.01)).isEqualTo(Verdict.State.FAIL);
    assertThat(SampleSize.judge(0, 0, 0.01)).isEqualTo(Verdict.State.INCONCLUSIVE);
  }

  @Test
  void enoughSamplesPassWithHalfOfTheHitsThatMayBe() {
    for (double share : List.of(0.5, 0.1, 0.01, 0.001)) {
      long enough = SampleSize.enough(share);
      assertThat(SampleSize.judge((long) (enough * share / 2), enough, share))
          .isEqualTo(Verdict.State.PASS);
      assertThat(enough).isLessThan((long) (40 / share));
    }
  }

  private static void row(double share, long... least) {
    for (int i = 0; i < least.length; i++) {
      assertThat(SampleSize.least(OVER.get(i), share)).isEqualTo(least[i]);
    }
  }
}
