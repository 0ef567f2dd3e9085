// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.embedded;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file in a jar, known byte for byte.
 *
 * @param name where it is on the class path, and the file name it gets
 * @param source gives its bytes, or null where the jar is missing
 */
record Resource(String name, long size, String sha256, Source source) {

  /** Opens the resource. */
  interface Source {
    @Nullable InputStream open(String name) throws IOException;
  }

  static Resource onClassPath(String name, long size, String sha256) {
    return new Resource(name, size, sha256, file -> Resource.class.getResourceAsStream("/" + file));
  }
}
