// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ModelParts;
import dev.sluice.models.spec.TextSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers which entry an order led to, with the identity of every file that was read to find it
 * and to check it: a start need not read hundreds of megabytes again that nobody has touched.
 *
 * <p>A file counts as untouched while its inode, its size and the times of its last write and last
 * change are the same; the latter is the system's own, which nobody can set back. As times have
 * grains, what changed shortly before it was remembered is not trusted.
 */
final class Shortcuts {
  private static final Duration GRAIN = Duration.ofSeconds(2);
  private static final String IDENTITY = "unix:ino,size,lastModifiedTime,ctime";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path folder;

  Shortcuts(Path folder) {
    this.folder = folder;
  }

  /** The key of the entry, if that is still what reading everything through would find. */
  Optional<String> find(Order order, Recipe recipe) {
    try {
      Path file = file(order, recipe);
      JsonNode known = MAPPER.readTree(Files.readAllBytes(file));
      FileTime remembered = Files.getLastModifiedTime(file);
      for (Map.Entry<String, JsonNode> one : known.required("files").properties()) {
        if (!isUntouched(Path.of(one.getKey()), one.getValue().asText(), remembered)) {
          return Optional.empty();
        }
      }
      return Optional.of(known.required("key").asText());
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Where this cannot be written, the next start reads everything through. */
  void remember(Order order, Recipe recipe, String key, List<Path> entry) {
    try {
      List<Path> files = new ArrayList<>(ModelParts.of(order.model()));
      TextSpec text = order.model().text();
      if (text != null) {
        files.add(text.tokenizer());
      }
      files.addAll(entry);
      ObjectNode known = MAPPER.createObjectNode().put("key", key);
      ObjectNode identities = known.putObject("files");
      for (Path file : files) {
        identities.put(file.toAbsolutePath().toString(), identity(file));
      }
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "new", "");
      Files.write(written, MAPPER.writeValueAsBytes(known));
      Files.move(
          written,
          file(order, recipe),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | EngineException | UnsupportedOperationException e) {
      return;
    }
  }

  private Path file(Order order, Recipe recipe) {
    return folder.resolve(
        Digests.of(
            order.model().file().toAbsolutePath().toString() + VariantKey.terms(order, recipe)));
  }

  private static boolean isUntouched(Path file, String identity, FileTime remembered)
      throws IOException {
    FileTime changed = (FileTime) Files.getAttribute(file, "unix:ctime");
    return identity(file).equals(identity)
        && changed.toInstant().plus(GRAIN).isBefore(remembered.toInstant());
  }

  private static String identity(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, IDENTITY);
    return "%s %s %s %s"
        .formatted(
            attributes.get("ino"),
            attributes.get("size"),
            attributes.get("lastModifiedTime"),
            attributes.get("ctime"));
  }
}
