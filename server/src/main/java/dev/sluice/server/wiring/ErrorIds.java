// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Ids that nobody can guess or mistake for another: 64 random bits in hex. */
final class ErrorIds implements Supplier<String> {
  private final SecureRandom random = new SecureRandom();

  @Override
  public String get() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
