// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One model by its path: a file, or a folder in any of the layouts that a repository may hold. */
public final class SingleModel {
  private SingleModel() {}

  /**
   * What is there. A file that its folder says how to serve is taken as that model.
   *
   * @throws IOException when it cannot be looked at
   */
  public static Found at(Path path) throws IOException {
    Path real = path.toRealPath();
    String name = String.valueOf(real.getFileName());
    Path parent = real.getParent();
    if (parent == null) {
      return new Found.Refused(name, "it is not a model but the root of all files");
    }
    if (Files.isDirectory(real)) {
      return folder(real, parent, name);
    }
    for (Path above = parent; above != null && depth(above, real) <= 2; above = above.getParent()) {
      Optional<Found> whole = ofFolderThatServes(above, real);
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    int dot = name.lastIndexOf('.');
    if (dot <= 0 || ModelFile.engineOf(name).isEmpty()) {
      return new Found.Refused(
          ModelNames.printable(name), "it is neither an .onnx nor a .pt file, nor a folder");
    }
    return new ModelRepository(parent)
        .find(name.substring(0, dot))
        .orElseGet(
            () ->
                new Found.Refused(
                    ModelNames.printable(name),
                    ModelNames.problem(name.substring(0, dot)).orElse("no model was found in it")));
  }

  private static int depth(Path above, Path file) {
    return above.relativize(file).getNameCount() - 1;
  }

  private static Found folder(Path real, Path parent, String name) throws IOException {
    if (RepositoryListing.isOneModel(real)) {
      return new ModelRepository(real).scan().getFirst();
    }
    Optional<Found> found =
        RepositoryListing.isOneModel(parent)
            ? Optional.empty()
            : new ModelRepository(parent).find(name);
    return found.orElseGet(
        () ->
            new Found.Refused(
                ModelNames.printable(name),
                ModelNames.problem(name).orElse("no model was found in it")));
  }

  private static Optional<Found> ofFolderThatServes(Path folder, Path file) throws IOException {
    if (!RepositoryListing.isOneModel(folder)) {
      return Optional.empty();
    }
    List<Found> found = new ModelRepository(folder).scan();
    boolean same =
        found.getFirst() instanceof Found.Servable servable
            && servable.specs().getLast().file().equals(file);
    return same ? Optional.of(found.getFirst()) : Optional.empty();
  }
}
