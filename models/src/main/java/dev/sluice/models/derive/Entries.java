// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.child.ChildEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The derived models on disk, one folder for each key. An entry has its name only once it is whole,
 * so whoever finds one needs no lock to read it. Safe for any number of threads and processes.
 */
final class Entries {
  private static final Logger log = LoggerFactory.getLogger(Entries.class);
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
  private static final String PART = ".part-";
  private static final String GONE = ".gone-";

  private final Path folder;
  private final long maxBytes;

  /**
   * @param maxBytes beyond this, what was not used for longest goes
   */
  Entries(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  Path entry(String key) {
    return folder.resolve(key);
  }

  /** Where the entry is put together; only under its lock. */
  Path part(String key) {
    return folder.resolve(PART + key);
  }

  KeyLock lock(String key) throws IOException, InterruptedException {
    return KeyLock.take(locks(), key);
  }

  /**
   * The entry, whole to the last bit and held for this process from now on; empty when there is
   * none, or a damaged one.
   */
  Optional<Receipt> find(String key) throws IOException {
    Path entry = entry(key);
    if (!Files.isDirectory(entry) || !Uses.hold(entry)) {
      return Optional.empty();
    }
    try {
      Receipt receipt = Receipt.read(entry);
      Path file = entry.resolve(receipt.file());
      if (receipt.key().value().equals(key)
          && Files.size(file) == receipt.bytes()
          && Digests.of(file).equals(receipt.sha256())) {
        return Optional.of(receipt);
      }
      log.warn("{} is damaged, it is made anew", entry);
    } catch (IOException e) {
      log.warn("{} is damaged, it is made anew: {}", entry, ChildEnd.oneLine(e.toString()));
    }
    Uses.release(entry);
    return Optional.empty();
  }

  /** An empty folder to put the entry together in, rid of all that a crash left. Under its lock. */
  Path begin(String key) throws IOException {
    clean(key);
    Files.createDirectories(folder);
    Folders.delete(part(key));
    return Files.createDirectory(part(key));
  }

  /** Gives the part its name, in place of a damaged entry. Under its lock. */
  void publish(String key) throws IOException {
    Uses.prepare(part(key));
    Folders.delete(entry(key));
    Folders.publish(part(key), entry(key));
    trim(key);
  }

  /** What makers left that died; one that lives holds its key's lock. */
  private void clean(String own) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    for (Path path : Folders.list(folder)) {
      String name = String.valueOf(path.getFileName());
      if (name.startsWith(GONE)) {
        Folders.delete(path);
      } else if (name.startsWith(PART) && KEY.matcher(name.substring(PART.length())).matches()) {
        cleanPart(path, name.substring(PART.length()), own);
      }
    }
  }

  private void cleanPart(Path part, String key, String own) throws IOException {
    if (KeyLock.shared(key, own)) {
      // Its lock is ours already.
      Folders.delete(part);
      return;
    }
    Optional<KeyLock> lock = KeyLock.tryTake(locks(), key);
    if (lock.isPresent()) {
      try (KeyLock taken = lock.get()) {
        log.debug("under {}, removing {}, which was left unfinished", taken, part);
        Folders.delete(part);
      }
    }
  }

  private record Sized(Path entry, long bytes) {}

  /** Removes entries, the longest unused first, until the rest fits; never one that is in use. */
  private void trim(String newest) throws IOException {
    List<Sized> entries = new ArrayList<>();
    long total = 0;
    for (Path path : Folders.list(folder)) {
      if (KEY.matcher(String.valueOf(path.getFileName())).matches()) {
        Sized sized = new Sized(path, Folders.bytes(path));
        total += sized.bytes();
        entries.add(sized);
      }
    }
    entries.sort(Comparator.comparing((Sized sized) -> Uses.lastUse(sized.entry())));
    for (Sized old : entries) {
      String key = String.valueOf(old.entry().getFileName());
      if (total <= maxBytes) {
        return;
      }
      Path gone = folder.resolve(GONE + key);
      if (!key.equals(newest) && Uses.remove(old.entry(), gone)) {
        log.info("removed {}, a derived model that was not used for longest", old.entry());
        Folders.delete(gone);
        total -= old.bytes();
      }
    }
  }

  private Path locks() {
    return folder.resolve(".locks");
  }
}
