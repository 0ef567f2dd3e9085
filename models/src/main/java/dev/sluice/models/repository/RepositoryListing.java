// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What in a repository's root may be a model. */
final class RepositoryListing {
  /** Any of these directly in the root makes the root itself one model. */
  private static final List<String> MARKS =
      List.of(
          TritonConfigFile.NAME,
          "config.json",
          SentenceModules.FILE,
          OverridesFile.NAME,
          "model.onnx",
          "model.pt");

  private RepositoryListing() {}

  /** By name; several under one name contend for it. */
  static Map<String, List<Candidate>> of(Path root) throws IOException {
    Map<String, List<Candidate>> candidates = new TreeMap<>();
    if (isOneModel(root)) {
      add(candidates, new Candidate(String.valueOf(root.getFileName()), root, false));
      return candidates;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith(".")) {
          continue;
        }
        // A link that leads nowhere is reported under its name rather than passed over.
        if (Files.isDirectory(entry) || !Files.exists(entry)) {
          add(candidates, new Candidate(name, entry, false));
        } else if (ModelFile.engineOf(name).isPresent()) {
          add(candidates, new Candidate(name.substring(0, name.lastIndexOf('.')), entry, true));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return candidates;
  }

  static boolean isOneModel(Path root) {
    return MARKS.stream().anyMatch(mark -> Files.isRegularFile(root.resolve(mark)));
  }

  private static void add(Map<String, List<Candidate>> candidates, Candidate candidate) {
    candidates.computeIfAbsent(candidate.name(), name -> new ArrayList<>()).add(candidate);
  }
}
