// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks where an ONNX file says that its tensors lie. Only plain files of the model's own folder
 * pass, reached without a symbolic link and known under one name only, and long enough for what is
 * to be read from them. For one model file.
 */
final class ExternalData {
  private static final int MAX_LOCATION = 1024;
  private static final int MAX_FILES = 10_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final ModelFolder folder;
  private final Path base;
  private final Map<String, Long> sizes = new HashMap<>();

  /**
   * @param model the model file; locations are relative to its folder
   */
  ExternalData(ModelFolder folder, Path model) {
    this.folder = folder;
    Path parent = model.getParent();
    this.base = parent == null ? folder.directory() : parent;
  }

  void check(ExternalTensor tensor) throws RefusedException {
    if (tensor.locations().size() != 1) {
      throw refused(tensor, "must name one location, not " + tensor.locations().size());
    }
    String location = tensor.locations().getFirst();
    Long known = sizes.get(location);
    long size = known == null ? sizeOf(tensor, location) : known;
    if (sizes.size() >= MAX_FILES) {
      throw refused(tensor, "is one of more than " + MAX_FILES + " external files");
    }
    sizes.put(location, size);
    long offset = number(tensor, "offset", tensor.offset(), 0);
    long length = number(tensor, "length", tensor.length(), tensor.bytes());
    if (length < tensor.bytes()) {
      throw refused(
          tensor, "has a length of " + length + " bytes where its shape needs " + tensor.bytes());
    }
    if (offset > size || length > size - offset) {
      throw refused(
          tensor,
          "needs bytes "
              + offset
              + " to "
              + (offset + length)
              + " of '"
              + ModelNames.printable(location)
              + "', which has only "
              + size);
    }
  }

  /** The files of all that was checked, in the order of their names. */
  List<Path> files() {
    return sizes.keySet().stream().sorted().map(base::resolve).toList();
  }

  private long sizeOf(ExternalTensor tensor, String location) throws RefusedException {
    String shown = "'" + ModelNames.printable(location) + "'";
    // ONNX Runtime takes this marker for an address in its own memory.
    if (location.contains("_ORT_MEM_ADDR_")) {
      throw refused(tensor, "points into memory");
    }
    try {
      Path relative = Path.of(location);
      if (location.isBlank()
          || location.length() > MAX_LOCATION
          || location.contains("\\")
          || relative.isAbsolute()
          || ModelFolder.climbs(relative)) {
        throw refused(tensor, "at " + shown + " does not lie beside the model file");
      }
      Path path = base;
      for (Path part : relative) {
        path = path.resolve(part);
        if (Files.isSymbolicLink(path)) {
          throw refused(tensor, "at " + shown + " is behind a symbolic link");
        }
      }
      if (!Files.isRegularFile(path)) {
        throw refused(tensor, "at " + shown + " is missing, or is not a regular file");
      }
      if (!path.toRealPath().startsWith(folder.directory())) {
        throw refused(tensor, "at " + shown + " leads out of the model's folder");
      }
      if (links(path) > 1) {
        throw refused(tensor, "at " + shown + " has a second name (hard link); copy the file");
      }
      return Files.size(path);
    } catch (InvalidPathException e) {
      throw refused(tensor, "at " + shown + " is not a file name");
    } catch (IOException e) {
      throw refused(tensor, "at " + shown + " cannot be read");
    }
  }

  private static int links(Path path) throws IOException {
    try {
      return (Integer) Files.getAttribute(path, "unix:nlink");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return 1;
    }
  }

  private static long number(ExternalTensor tensor, String key, String text, long otherwise)
      throws RefusedException {
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw refused(tensor, "has an " + key + " that is not a number of bytes");
    }
    return Long.parseLong(text);
  }

  private static RefusedException refused(ExternalTensor tensor, String why) {
    return new RefusedException(
        "the external data of tensor '" + ModelNames.printable(tensor.name()) + "' " + why);
  }
}
