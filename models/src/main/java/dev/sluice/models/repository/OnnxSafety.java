// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What every reader of ONNX files must know before it trusts one. */
public final class OnnxSafety {
  private OnnxSafety() {}

  /**
   * Why the file must not be read; empty for a whole ONNX model of at most 2 GB whose external data
   * lies in plain files of its own folder, long enough for its tensors.
   *
   * @param directory the model's own folder
   * @param file inside of it
   */
  public static Optional<String> problem(Path directory, Path file) {
    try {
      OnnxCheck.check(new ModelFolder("", directory.toRealPath()), file.toRealPath());
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Optional.of(file.getFileName() + " cannot be read: " + ModelFolder.reason(e));
    }
  }
}
