// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets only whole ONNX models through whose external data lies safely in their own folder. */
final class OnnxCheck {
  private OnnxCheck() {}

  static OnnxFacts check(ModelFolder folder, Path file) throws RefusedException {
    return check(file, new ExternalData(folder, file));
  }

  /** Leaves the external files known to {@code external}. */
  static OnnxFacts check(Path file, ExternalData external) throws RefusedException {
    String name = String.valueOf(file.getFileName());
    Sniff kind = Sniff.of(file);
    if (kind != Sniff.OTHER) {
      throw new RefusedException(name + " is not an ONNX model: the file is " + kind.words());
    }
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      if (size > Integer.MAX_VALUE) {
        throw new RefusedException(
            "it is "
                + size
                + " bytes long, more than the 2 GB of the format; save it with its weights as"
                + " external data");
      }
      OnnxCursor cursor = new OnnxCursor(in, (int) size);
      return new OnnxWalk(cursor, external).model();
    } catch (IOException e) {
      throw new RefusedException(name + " is not a whole ONNX model: it is cut short or damaged");
    } catch (RefusedException e) {
      throw new RefusedException(name + " is not a usable ONNX model: " + e.getMessage());
    }
  }
}
