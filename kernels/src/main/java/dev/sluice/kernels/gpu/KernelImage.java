// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The kernels as shipped: one binary for all cards, and the record that has its hash. */
final class KernelImage {
  private static final String FILE = "/dev/sluice/kernels/sluice.fatbin";
  private static final String HASH_LINE = "fatbin ";

  private KernelImage() {}

  /**
   * @throws IOException where it is missing or not what was recorded, in words for the operator
   */
  static byte[] load() throws IOException {
    byte[] image = read(FILE);
    verify(image, new String(read(FILE + ".sources"), StandardCharsets.UTF_8));
    return image;
  }

  static void verify(byte[] image, String record) throws IOException {
    String recorded =
        record
            .lines()
            .filter(line -> line.startsWith(HASH_LINE))
            .map(line -> line.substring(HASH_LINE.length()))
            .findFirst()
            .orElse("");
    if (!recorded.equals(sha256(image))) {
      throw new IOException("the kernels in this distribution are damaged: their hash is wrong");
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = KernelImage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("this distribution has no kernels: " + name + " is missing");
      }
      return in.readAllBytes();
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
