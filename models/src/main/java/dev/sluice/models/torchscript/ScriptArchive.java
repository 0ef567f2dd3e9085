// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a TorchScript archive by their names within its one folder. Made for one thread;
 * reads beneath the bounds given here alone.
 */
final class ScriptArchive implements AutoCloseable {
  static final String OBJECTS = "data.pkl";
  static final String CODE = "code/";
  private static final String CONSTANTS = "constants.pkl";
  private static final String BYTE_ORDER = "byteorder";
  private static final int MAX_ENTRIES = 200_000;
  private static final int MAX_OBJECTS = 16 << 20;
  private static final int MAX_CODE = 64 << 20;

  /** Of entries that are compressed, which those of weights never are. */
  private static final long MAX_UNPACKED = 256L << 20;

  private final ZipFile zip;
  private final String root;
  private final Map<String, ZipEntry> entries;

  private ScriptArchive(ZipFile zip, String root, Map<String, ZipEntry> entries) {
    this.zip = zip;
    this.root = root;
    this.entries = entries;
  }

  static ScriptArchive open(Path file) throws EngineException, IOException {
    requireZip(file);
    ZipFile zip = new ZipFile(file.toFile());
    try {
      Map<String, ZipEntry> entries = new LinkedHashMap<>();
      String root = index(zip, entries);
      ScriptArchive archive = new ScriptArchive(zip, root, entries);
      archive.requireWhole();
      return archive;
    } catch (EngineException | IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static void requireZip(Path file) throws EngineException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(2);
      if (head.length < 2 || head[0] != 'P' || head[1] != 'K') {
        throw notTorchScript("it is not a zip archive");
      }
    }
  }

  private static String index(ZipFile zip, Map<String, ZipEntry> entries) throws EngineException {
    if (zip.size() > MAX_ENTRIES) {
      throw notTorchScript("it has more than " + MAX_ENTRIES + " entries");
    }
    String root = "";
    long unpacked = 0;
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
      String name = entry.getName();
      String top = name.substring(0, name.indexOf('/') + 1);
      boolean outside = name.contains("../") || name.contains("\\");
      if (outside || top.isEmpty() || !(root.isEmpty() || root.equals(top))) {
        throw notTorchScript("its entries are not in one folder");
      }
      root = top;
      unpacked += Math.max(0, entry.getSize() - entry.getCompressedSize());
      if (unpacked > MAX_UNPACKED) {
        throw notTorchScript("its compressed entries are too large");
      }
      if (entries.put(name.substring(top.length()), entry) != null) {
        throw notTorchScript("two of its entries have the same name");
      }
    }
    return root;
  }

  private void requireWhole() throws EngineException, IOException {
    if (!entries.containsKey(OBJECTS)
        || !entries.containsKey(CONSTANTS)
        || names().stream().noneMatch(name -> name.startsWith(CODE))) {
      throw notTorchScript("it lacks data.pkl, constants.pkl or code/");
    }
    if (entries.containsKey(BYTE_ORDER) && !text(BYTE_ORDER, 16).strip().equals("little")) {
      throw new EngineException("its weights are big-endian, which is not supported");
    }
  }

  /** The folder's own name, with a slash. */
  String root() {
    return root;
  }

  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Of the entry's content; -1 for an entry that is not there. */
  long size(String name) {
    ZipEntry entry = entries.get(name);
    return entry == null ? -1 : entry.getSize();
  }

  InputStream open(String name) throws IOException {
    @Nullable ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new IOException("the archive has no entry " + name);
    }
    return zip.getInputStream(entry);
  }

  PickleValue objects() throws EngineException, IOException {
    return PickleReader.read(bytes(OBJECTS, MAX_OBJECTS));
  }

  /** Each file of code by its name, decoded so that writing it gives the same bytes again. */
  List<CodeFile> code() throws EngineException, IOException {
    List<CodeFile> files = new ArrayList<>();
    int left = MAX_CODE;
    for (String name : entries.keySet()) {
      if (name.startsWith(CODE) && name.endsWith(".py")) {
        String text = text(name, left);
        left -= text.length();
        files.add(CodeFile.parse(name, text));
      }
    }
    return files;
  }

  private String text(String name, int limit) throws EngineException, IOException {
    return new String(bytes(name, limit), StandardCharsets.ISO_8859_1);
  }

  private byte[] bytes(String name, int limit) throws EngineException, IOException {
    try (InputStream in = open(name)) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new EngineException(
            "the archive's %s is larger than the %d bytes that are read".formatted(name, limit));
      }
      return bytes;
    }
  }

  private static EngineException notTorchScript(String why) {
    return new EngineException("the file is not a TorchScript archive: " + why);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
