// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of models, or of one model. Reads and checks files; loads nothing, runs nothing, and
 * reads nothing outside of the directory. What is wrong with one model never hides another. Holds
 * no state, so that any thread may call it.
 */
public final class ModelRepository {
  private static final Logger log = LoggerFactory.getLogger(ModelRepository.class);

  private final Path root;
  private final VariantSettings variants;

  public ModelRepository(Path root) {
    this(root, VariantSettings.DEFAULT);
  }

  /**
   * @param variants what holds for the variants of models that do not say otherwise
   */
  public ModelRepository(Path root, VariantSettings variants) {
    this.root = root;
    this.variants = variants;
  }

  /**
   * Everything that is there, in name order. Hidden entries and files that are no models are left
   * out.
   *
   * @throws IOException when the directory itself cannot be read
   */
  public List<Found> scan() throws IOException {
    Path real = root.toRealPath();
    List<Found> found = new ArrayList<>();
    RepositoryListing.of(real).forEach((name, same) -> found.add(look(real, name, same)));
    return found;
  }

  /** What is there under that name; empty when nothing is. A name that no model may have: empty. */
  public Optional<Found> find(String name) throws IOException {
    if (!ModelNames.valid(name)) {
      return Optional.empty();
    }
    Path real = root.toRealPath();
    return Optional.ofNullable(RepositoryListing.of(real).get(name))
        .map(same -> look(real, name, same));
  }

  /** The state of every model's files by name, for noticing changes. Cheap enough to poll. */
  public Map<String, Fingerprint> fingerprints() throws IOException {
    Map<String, Fingerprint> all = new TreeMap<>();
    RepositoryListing.of(root.toRealPath())
        .forEach(
            (name, same) -> {
              if (ModelNames.valid(name)) {
                all.put(name, Fingerprints.ofMetadata(same));
              }
            });
    return all;
  }

  /** A hash over the contents of a model's files, the same for the same model elsewhere. */
  public Optional<Fingerprint> contentFingerprint(String name) throws IOException {
    return ModelNames.valid(name)
        ? Optional.ofNullable(RepositoryListing.of(root.toRealPath()).get(name))
            .map(Fingerprints::ofContent)
        : Optional.empty();
  }

  private Found look(Path root, String name, List<Candidate> same) {
    try {
      Optional<String> problem = ModelNames.problem(name);
      if (problem.isPresent()) {
        throw new RefusedException(problem.get());
      }
      if (same.size() > 1) {
        throw new RefusedException(
            "several models have this name: "
                + String.join(
                    ", ", same.stream().map(c -> String.valueOf(c.path().getFileName())).toList())
                + "; rename all but one");
      }
      return new Found.Servable(name, specs(root, same.getFirst()));
    } catch (RefusedException e) {
      return refused(name, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.warn("{}: this model cannot be read", ModelNames.printable(name), e);
      return refused(name, "it cannot be read: " + ModelFolder.reason(e));
    } catch (RuntimeException | StackOverflowError e) {
      log.error("{}: the check of this model failed", ModelNames.printable(name), e);
      return refused(name, "its check failed; the log says how");
    }
  }

  /** A reason may quote a file; it stays one line of text all the same. */
  private static Found refused(String name, String reason) {
    return new Found.Refused(
        ModelNames.printable(name), reason.replaceAll("\\p{Cntrl}+", " ").strip());
  }

  private List<ModelSpec> specs(Path root, Candidate candidate)
      throws RefusedException, IOException {
    ModelFolder folder = new ModelFolder(candidate.name(), ownFolder(root, candidate));
    if (candidate.file()) {
      Overrides overrides = OverridesFile.read(folder, candidate.name() + ".yaml", variants);
      String file = String.valueOf(candidate.path().getFileName());
      return List.of(BareLayout.spec(folder, file, overrides));
    }
    Overrides overrides = OverridesFile.read(folder, OverridesFile.NAME, variants);
    if (TritonLayout.matches(folder)) {
      return TritonLayout.read(folder, overrides);
    }
    if (HuggingFaceLayout.matches(folder, overrides)) {
      return HuggingFaceLayout.read(folder, overrides);
    }
    return BareLayout.read(folder, overrides);
  }

  private static Path ownFolder(Path root, Candidate candidate)
      throws RefusedException, IOException {
    Path directory;
    try {
      directory = candidate.directory().toRealPath();
    } catch (IOException e) {
      throw new RefusedException("it is a symbolic link that leads nowhere");
    }
    boolean own = candidate.file() || candidate.path().equals(root);
    if (!own && (directory.equals(root) || !directory.startsWith(root))) {
      throw new RefusedException(
          "its folder is a symbolic link out of the repository; put the folder itself there");
    }
    return directory;
  }
}
