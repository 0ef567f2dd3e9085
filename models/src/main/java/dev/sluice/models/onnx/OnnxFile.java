// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.OnnxSafety;
import dev.sluice.proto.onnx.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads model files whole: what lies in external files on disk is inside once it is read. */
final class OnnxFile {
  /** What a protobuf message may measure. */
  static final long MAX_BYTES = Integer.MAX_VALUE;

  private OnnxFile() {}

  /**
   * @param directory the model's own folder; nothing outside of it is read
   * @throws EngineException for anything but a whole and safe ONNX model that fits into memory
   */
  static ModelProto read(Path directory, Path file) throws EngineException {
    Optional<String> problem = OnnxSafety.problem(directory, file);
    if (problem.isPresent()) {
      throw new EngineException(problem.get());
    }
    String name = String.valueOf(file.getFileName());
    try {
      long size = Files.size(file);
      requireRoom(name, size);
      ModelProto model = parse(Files.readAllBytes(file));
      ExternalWeights external = ExternalWeights.of(model);
      requireRoom(name, size + external.bytes());
      return external.takenIn(file.toRealPath());
    } catch (IOException e) {
      throw new EngineException(name + " cannot be read: it is damaged, or has just changed", e);
    }
  }

  /** Weights stay slices of this one array instead of being copied out of it. */
  private static ModelProto parse(byte[] content) throws IOException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
    in.enableAliasing(true);
    ModelProto model = ModelProto.parseFrom(in);
    in.checkLastTagWas(0);
    return model;
  }

  private static void requireRoom(String name, long bytes) throws EngineException {
    if (bytes > MAX_BYTES) {
      throw new EngineException(
          "%s and its external data are %d MB, more than the 2 GB that can be rewritten"
              .formatted(name, bytes >> 20));
    }
    long most = Runtime.getRuntime().maxMemory() / 2;
    if (bytes > most) {
      throw new EngineException(
          "%s holds %d MB, but with this heap only %d MB can be rewritten; give Java more (-Xmx)"
              .formatted(name, bytes >> 20, most >> 20));
    }
  }
}
