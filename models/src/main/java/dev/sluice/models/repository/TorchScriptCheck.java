// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lets only TorchScript archives through: a zip with {@code data.pkl}, {@code constants.pkl} and
 * {@code code/} under one folder. A checkpoint of {@code torch.save} is a zip too, but without the
 * code; loading one means running a pickle.
 */
final class TorchScriptCheck {
  private static final int MAX_ENTRIES = 200_000;

  private TorchScriptCheck() {}

  static void check(Path file) throws RefusedException {
    Sniff kind = Sniff.of(file);
    if (kind != Sniff.ZIP) {
      throw refused(file, "the file is " + kind.words());
    }
    Set<String> found = new HashSet<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw refused(file, "it has more than " + MAX_ENTRIES + " entries");
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        note(file, entries.nextElement().getName(), found);
      }
    } catch (IOException e) {
      throw refused(file, "the zip archive is cut short or damaged");
    }
    if (found.contains("data.pkl") && !found.contains("code/")) {
      throw refused(file, "it is a checkpoint of torch.save, weights without a program");
    }
    if (!found.containsAll(Set.of("data.pkl", "constants.pkl", "code/"))) {
      throw refused(file, "the zip archive lacks data.pkl, constants.pkl or code/");
    }
  }

  private static void note(Path file, String entry, Set<String> found) throws RefusedException {
    int top = entry.indexOf('/');
    if (top <= 0 || entry.contains("../") || entry.contains("\\")) {
      throw refused(file, "it has an entry outside of its one folder");
    }
    String inner = entry.substring(top + 1);
    found.add(inner.startsWith("code/") ? "code/" : inner.contains("/") ? "" : inner);
  }

  private static RefusedException refused(Path file, String why) {
    return new RefusedException(
        file.getFileName()
            + " is not a TorchScript archive: "
            + why
            + ". In Python, torch.jit.script(model).save(\"model.pt\") writes one");
  }
}
