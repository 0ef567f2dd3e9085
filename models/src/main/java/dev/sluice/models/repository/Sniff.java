// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells what a file is by its first bytes, whatever its name says. */
enum Sniff {
  ZIP("a zip archive"),
  PICKLE("a Python pickle, which runs code when it is read"),
  LFS_POINTER("a Git LFS pointer; run 'git lfs pull' to fetch the file itself"),
  WEB_PAGE("a web page; the download went wrong"),
  HDF5("an HDF5 file (Keras)"),
  EMPTY("empty"),
  OTHER("of an unknown kind");

  private static final int HEAD = 64;

  private final String words;

  Sniff(String words) {
    this.words = words;
  }

  /** Completes "the file is ...". */
  String words() {
    return words;
  }

  static Sniff of(Path file) throws RefusedException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    } catch (IOException e) {
      throw new RefusedException(file.getFileName() + " cannot be read");
    }
    if (head.length == 0) {
      return EMPTY;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\003\004") || text.startsWith("PK\005\006")) {
      return ZIP;
    }
    if (text.charAt(0) == 0x80 && text.length() > 1 && text.charAt(1) >= 2 && text.charAt(1) <= 5) {
      return PICKLE;
    }
    if (text.startsWith("version https://git-lfs")) {
      return LFS_POINTER;
    }
    if (text.stripLeading().startsWith("<!") || text.stripLeading().startsWith("<html")) {
      return WEB_PAGE;
    }
    return text.startsWith("\u0089HDF") ? HDF5 : OTHER;
  }
}
