// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The texts that come with the program, one a line. */
public final class ShippedTexts {
  private static final String FOLDER = "/dev/sluice/models/quantize/";

  private ShippedTexts() {}

  static List<String> calibration() {
    return read("calibration-texts.txt").lines().toList();
  }

  /** To judge variants by: no calibration sees them. */
  public static List<String> heldBack() {
    return read("heldback-texts.txt").lines().toList();
  }

  /** Changes when one of them does. */
  static String digest() {
    return Digests.of(read("calibration-texts.txt") + '\0' + read("heldback-texts.txt"));
  }

  private static String read(String name) {
    try (InputStream in = ShippedTexts.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
