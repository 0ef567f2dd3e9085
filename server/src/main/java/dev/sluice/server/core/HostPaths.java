// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes this machine's folders out of reasons that clients may read. Names inside a model, such as
 * {@code /encoder/layer.0/MatMul}, look like paths too; only what leads into a folder that is there
 * is cut, down to its last name.
 */
final class HostPaths {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?<![\\w./-])(/[^/\\s'\",:;()]+)/(?:[^/\\s'\",:;()]+/)*([^/\\s'\",:;()]*)");

  private HostPaths() {}

  static String hide(String text) {
    return ABSOLUTE
        .matcher(text)
        .replaceAll(
            path -> Matcher.quoteReplacement(exists(path.group(1)) ? path.group(2) : path.group()));
  }

  private static boolean exists(String topFolder) {
    try {
      return Files.isDirectory(Path.of(topFolder));
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }
}
