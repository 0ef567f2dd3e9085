// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * Computes fingerprints over the files of a model in name order, hidden ones left out. What cannot
 * be read counts as such, so that a file that comes and goes shows up as a change and not as an
 * error.
 */
final class Fingerprints {
  private static final int MAX_FILES = 20_000;
  private static final int MAX_DEPTH = 16;

  /** A second or two of reading; a folder may hold terabytes, or a sparse file that says so. */
  private static final long MAX_READ = 512L << 20;

  private final Path directory;
  private final boolean contents;
  private final MessageDigest digest;
  private int files;
  private long unread = MAX_READ;

  private Fingerprints(Path directory, boolean contents, MessageDigest digest) {
    this.directory = directory;
    this.contents = contents;
    this.digest = digest;
  }

  /** From names, sizes, times and identities of files: cheap, for noticing changes. */
  static Fingerprint ofMetadata(List<Candidate> sameName) {
    return compute(sameName, false);
  }

  /**
   * From names and contents, the same for a copy of the model. Of files that are too large to be
   * read at every start, in name order, sizes and times count instead.
   */
  static Fingerprint ofContent(List<Candidate> sameName) {
    return compute(sameName, true);
  }

  private static Fingerprint compute(List<Candidate> sameName, boolean contents) {
    MessageDigest digest = sha256();
    for (Candidate candidate : sameName) {
      Fingerprints walk = new Fingerprints(candidate.directory(), contents, digest);
      if (candidate.file()) {
        walk.entries(candidate.directory()).stream()
            .filter(candidate::owns)
            .filter(file -> !Files.isDirectory(file))
            .forEach(file -> walk.entry(file, 0));
      } else {
        walk.folder(candidate.directory(), 0);
      }
    }
    return new Fingerprint(HexFormat.of().formatHex(digest.digest()));
  }

  private void folder(Path folder, int depth) {
    for (Path entry : entries(folder)) {
      entry(entry, depth);
    }
  }

  private List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        if (!String.valueOf(entry.getFileName()).startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      add("unreadable " + folder);
    }
    Collections.sort(entries);
    return entries;
  }

  private void entry(Path path, int depth) {
    if (++files > MAX_FILES || depth > MAX_DEPTH) {
      add("too much to look at");
      return;
    }
    try {
      BasicFileAttributes own =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      add(directory.relativize(path).toString());
      if (own.isSymbolicLink()) {
        add("link " + Files.readSymbolicLink(path));
        if (path.toRealPath().startsWith(directory.toRealPath()) && Files.isRegularFile(path)) {
          regular(path, Files.readAttributes(path, BasicFileAttributes.class));
        }
      } else if (own.isDirectory()) {
        folder(path, depth + 1);
      } else if (own.isRegularFile()) {
        regular(path, own);
      }
    } catch (IOException e) {
      add("unreadable " + path);
    }
  }

  private void regular(Path path, BasicFileAttributes attributes) throws IOException {
    if (!contents) {
      add(attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey());
      return;
    }
    add(Long.toString(attributes.size()));
    if (attributes.size() > unread) {
      add("written " + attributes.lastModifiedTime());
      return;
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      // Not to its end but to its size of before: it may be growing.
      long left = attributes.size();
      for (int read = 0; read >= 0 && left > 0; left -= Math.max(0, read)) {
        read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        digest.update(buffer, 0, Math.max(0, read));
      }
      unread -= attributes.size();
    }
  }

  /** Each word with an end that no file name can have. */
  private void add(String word) {
    digest.update(word.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
