// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One model's own folder, the only way to its files. Every path that leaves it, by {@code ..}, by
 * being absolute or by a symbolic link, is refused; so is a file larger than its reader allows.
 */
final class ModelFolder {
  private static final int MAX_ENTRIES = 10_000;

  private final String name;
  private final Path directory;

  /** A folder whose path has no symbolic link in it. */
  ModelFolder(String name, Path realDirectory) {
    this.name = name;
    this.directory = realDirectory;
  }

  String name() {
    return name;
  }

  Path directory() {
    return directory;
  }

  /** Whether something of that relative path is there; says nothing on where it leads. */
  boolean has(String relative) {
    try {
      return Files.exists(directory.resolve(relative));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  boolean hasDirectory(String relative) {
    return has(relative) && Files.isDirectory(directory.resolve(relative));
  }

  /** The real path of a regular file in this folder. */
  Path file(String relative) throws RefusedException {
    Path real = inside(relative);
    if (!Files.isRegularFile(real)) {
      throw new RefusedException(relative + " is not a regular file");
    }
    return real;
  }

  /** The real path of something that exists in this folder. */
  Path inside(String relative) throws RefusedException {
    String shown = ModelNames.printable(relative);
    try {
      Path path = Path.of(relative);
      if (path.isAbsolute() || relative.contains("\\") || climbs(path)) {
        throw new RefusedException("'" + shown + "' leads out of the model's folder");
      }
      Path real = directory.resolve(path).toRealPath();
      if (!real.startsWith(directory)) {
        throw new RefusedException(
            "'"
                + shown
                + "' is a symbolic link out of the model's folder; put the file itself there");
      }
      return real;
    } catch (InvalidPathException e) {
      throw new RefusedException("'" + shown + "' is not a file name");
    } catch (NoSuchFileException e) {
      throw new RefusedException(shown + " is missing");
    } catch (IOException e) {
      throw new RefusedException(shown + " cannot be read: " + reason(e));
    }
  }

  static boolean climbs(Path path) {
    for (Path part : path) {
      if (part.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /** The file as UTF-8 text of at most that many bytes. */
  String text(String relative, int maxBytes) throws RefusedException {
    Path file = file(relative);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw new RefusedException(relative + " cannot be read: " + reason(e));
    }
    if (bytes.length > maxBytes) {
      throw new RefusedException(relative + " is larger than " + maxBytes + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(relative + " is not UTF-8 text");
    }
  }

  /** The names in a sub-folder (empty for this one) in order, hidden ones left out. */
  List<String> list(String relative) throws RefusedException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(inside(relative))) {
      for (Path entry : entries) {
        String file = String.valueOf(entry.getFileName());
        if (!file.startsWith(".")) {
          names.add(file);
        }
        if (names.size() > MAX_ENTRIES) {
          throw new RefusedException("more than " + MAX_ENTRIES + " files in one folder");
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new RefusedException("the folder cannot be read: " + reason(e));
    }
    Collections.sort(names);
    return names;
  }

  /** What went wrong, without the path that Java puts into its messages. */
  static String reason(Exception e) {
    return e.getClass().getSimpleName().replace("Exception", "");
  }
}
