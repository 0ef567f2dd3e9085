// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts that no calibration sees, to judge variants by. */
final class HeldBackTexts {
  private static final String RESOURCE = "/dev/sluice/models/quantize/heldback-texts.txt";

  private HeldBackTexts() {}

  static List<String> read() {
    try (InputStream in = HeldBackTexts.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
