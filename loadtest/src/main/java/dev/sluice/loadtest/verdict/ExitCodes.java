// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

import dev.sluice.loadtest.result.Verdict;
import java.util.List;

/** What a script learns: 99 as k6 has it, and a code of its own for what could not be told. */
public final class ExitCodes {
  public static final int MET = 0;
  public static final int INCONCLUSIVE = 98;
  public static final int FAILED = 99;

  private ExitCodes() {}

  /** A failure outweighs what could not be told. */
  public static int of(List<Verdict> verdicts) {
    int code = MET;
    for (Verdict verdict : verdicts) {
      code =
          Math.max(
              code,
              switch (verdict.state()) {
                case PASS -> MET;
                case INCONCLUSIVE -> INCONCLUSIVE;
                case FAIL -> FAILED;
              });
    }
    return code;
  }
}
