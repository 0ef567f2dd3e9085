// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.nio.file.Path;

/**
 * Something in a repository that may be a model.
 *
 * @param path the folder, or the model file itself where {@code file}
 * @param file whether it is a single file directly in the repository's root
 */
record Candidate(String name, Path path, boolean file) {
  Path directory() {
    Path parent = path.getParent();
    return file && parent != null ? parent : path;
  }

  /** Whether a file beside a single model file belongs to it: external data, settings. */
  boolean owns(Path other) {
    return other.equals(path) || String.valueOf(other.getFileName()).startsWith(name + ".");
  }
}
