// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.Collection;
import java.util.Locale;

/** In the order of how bad it is. */
public enum Verdict {
  PASS,
  /** Too few requests to tell. */
  NO_DATA,
  BREACH;

  /** Of several; without any, nothing can be told. */
  static Verdict worst(Collection<Verdict> verdicts) {
    return verdicts.stream().max(Verdict::compareTo).orElse(NO_DATA);
  }

  /** As labels have it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
