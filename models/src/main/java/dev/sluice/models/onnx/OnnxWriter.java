// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import com.google.protobuf.MessageLite;
import dev.sluice.models.engine.EngineException;
import dev.sluice.proto.onnx.ModelProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Writes model files so that no half-written one is ever seen. Safe for any number of threads. */
final class OnnxWriter {
  private static final int BUFFER = 1 << 18;

  /** A part's tag and length. */
  private static final long HEAD = 6;

  private static final AtomicLong parts = new AtomicLong();

  private OnnxWriter() {}

  static void write(ModelProto model, Path file) throws EngineException {
    long size = size(model);
    if (size > OnnxFile.MAX_BYTES) {
      throw new EngineException(
          "the model would be %d MB, more than the 2 GB of the format".formatted(size >> 20));
    }
    Path target = file.toAbsolutePath();
    Path part =
        target.resolveSibling(
            ".%s.%d-%d.part"
                .formatted(
                    target.getFileName(), ProcessHandle.current().pid(), parts.getAndIncrement()));
    try {
      Files.deleteIfExists(part);
      try {
        writeForced(model, part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      force(Objects.requireNonNull(target.getParent()));
    } catch (IOException e) {
      throw new EngineException(
          "%s cannot be written: %s: %s"
              .formatted(target, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  /** At least what it measures, in a long: what protobuf counts itself overflows. */
  private static long size(ModelProto model) {
    ModelProto.Builder rest = model.toBuilder();
    rest.getGraphBuilder().clearInitializer().clearNode();
    return Stream.<MessageLite>concat(
                model.getGraph().getInitializerList().stream(),
                model.getGraph().getNodeList().stream())
            .mapToLong(part -> part.getSerializedSize() + HEAD)
            .sum()
        + rest.build().getSerializedSize();
  }

  private static void writeForced(ModelProto model, Path part) throws IOException {
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
      model.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /** Makes the new name last, too. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
