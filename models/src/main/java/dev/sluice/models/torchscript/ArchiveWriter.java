// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an archive's entries, uncompressed and without times, so that the same entries give the
 * same bytes. The file has its name only once it is whole: it is written beside, forced to disk and
 * renamed.
 */
final class ArchiveWriter {
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private final String root;

  /** Writes the entries. */
  interface Content {
    void write(ArchiveWriter writer) throws EngineException, IOException, InterruptedException;
  }

  private ArchiveWriter(OutputStream out, String root) {
    this.zip = new ZipOutputStream(out);
    this.root = root;
  }

  static void write(Path target, String root, Content content)
      throws EngineException, IOException, InterruptedException {
    Path file = target.toAbsolutePath();
    Path part =
        file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        ArchiveWriter writer = new ArchiveWriter(out, root);
        content.write(writer);
        writer.zip.finish();
        out.flush();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(part.resolveSibling(""));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** The rename itself. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  void add(String name, byte[] content) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(content);
    begin(name, content.length, sum);
    zip.write(content);
    zip.closeEntry();
  }

  /** As it is in the other archive. */
  void copy(ScriptArchive from, String name) throws EngineException, IOException {
    CRC32 sum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (InputStream in = from.open(name)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sum.update(buffer, 0, read);
        size += read;
        if (size > from.size(name)) {
          throw new EngineException("the archive's " + name + " is larger than it says");
        }
      }
    }
    begin(name, size, sum);
    try (InputStream in = from.open(name)) {
      in.transferTo(zip);
    }
    zip.closeEntry();
  }

  private void begin(String name, long size, CRC32 sum) throws IOException {
    ZipEntry entry = new ZipEntry(root + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
  }
}
