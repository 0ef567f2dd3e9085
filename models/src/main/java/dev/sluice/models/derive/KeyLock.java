// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to make what belongs to a key. Processes take turns by a lock on a file, which the
 * system takes back from one that dies; threads of this process by one lock for all keys, which
 * also keeps it from making two variants at once. Keys share 256 lock files, which stay.
 *
 * <p>A process loses its lock when it closes the file anywhere, so this class alone opens them, and
 * only under the threads' lock.
 */
final class KeyLock implements AutoCloseable {
  private static final ReentrantLock THREADS = new ReentrantLock();
  private static final int PREFIX = 2;

  private final FileChannel channel;

  private KeyLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for its turn. */
  static KeyLock take(Path folder, String key) throws IOException, InterruptedException {
    THREADS.lockInterruptibly();
    boolean taken = false;
    @Nullable FileChannel channel = null;
    try {
      channel = open(folder, key);
      FileLock lock = channel.lock();
      taken = lock.isValid();
      return new KeyLock(channel);
    } catch (FileLockInterruptionException e) {
      throw (InterruptedException) new InterruptedException("waiting for a variant").initCause(e);
    } finally {
      if (!taken) {
        close(channel);
      }
    }
  }

  /** Without waiting; empty where another process has it. Not for a key whose lock file is held. */
  static Optional<KeyLock> tryTake(Path folder, String key) throws IOException {
    if (!THREADS.tryLock()) {
      return Optional.empty();
    }
    boolean taken = false;
    @Nullable FileChannel channel = null;
    try {
      channel = open(folder, key);
      FileLock lock = channel.tryLock();
      taken = lock != null;
      return taken ? Optional.of(new KeyLock(channel)) : Optional.empty();
    } finally {
      if (!taken) {
        close(channel);
      }
    }
  }

  /** Whether two keys share a lock file. */
  static boolean shared(String one, String other) {
    return prefix(one).equals(prefix(other));
  }

  private static FileChannel open(Path folder, String key) throws IOException {
    Files.createDirectories(folder);
    return FileChannel.open(
        folder.resolve(prefix(key)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static String prefix(String key) {
    return key.substring(0, PREFIX);
  }

  @Override
  public void close() throws IOException {
    close(channel);
  }

  private static void close(@Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      THREADS.unlock();
    }
  }
}
