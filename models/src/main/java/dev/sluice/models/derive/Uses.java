// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/**
 * Who uses which entry of the cache. A process that has found an entry holds a shared lock on a
 * file in it until it ends; one that wants to remove the entry needs that lock for itself. When an
 * entry was last found is the time of that file.
 *
 * <p>A process loses its lock when it closes the file anywhere, so this class alone opens them, all
 * methods in turn by the lock of the class.
 */
final class Uses {
  private static final String FILE = "used";
  private static final Map<Path, FileChannel> HELD = new HashMap<>();

  private Uses() {}

  /** Made with the entry. */
  static void prepare(Path folder) throws IOException {
    Files.write(folder.resolve(FILE), new byte[1]);
  }

  /** Keeps the entry from being removed for as long as this process lives; false if it is gone. */
  static synchronized boolean hold(Path entry) throws IOException {
    if (HELD.containsKey(entry)) {
      return true;
    }
    FileChannel channel;
    try {
      channel = open(entry.resolve(FILE));
    } catch (NoSuchFileException e) {
      return false;
    }
    boolean held = false;
    try {
      held = channel.tryLock(0, Long.MAX_VALUE, true) != null;
    } finally {
      if (!held) {
        channel.close();
      }
    }
    if (held) {
      HELD.put(entry, channel);
    }
    return held;
  }

  /** What is held no more: the entry turned out to be damaged. */
  static synchronized void release(Path entry) throws IOException {
    FileChannel channel = HELD.remove(entry);
    if (channel != null) {
      channel.close();
    }
  }

  /**
   * Takes the entry's name away if no process uses it; false if one does.
   *
   * @param gone the name that it gets instead
   */
  static synchronized boolean remove(Path entry, Path gone) throws IOException {
    if (HELD.containsKey(entry)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(entry.resolve(FILE), StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        return false;
      }
      Files.move(entry, gone);
      return true;
    } catch (NoSuchFileException e) {
      // Nobody can have it in use.
      Files.move(entry, gone);
      return true;
    }
  }

  static FileTime lastUse(Path entry) {
    try {
      return Files.getLastModifiedTime(entry.resolve(FILE));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Writes a byte for the time's sake where it may. */
  private static FileChannel open(Path file) throws IOException {
    if (!Files.isWritable(file)) {
      return FileChannel.open(file, StandardOpenOption.READ);
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      channel.write(ByteBuffer.wrap(new byte[1]), 0);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
