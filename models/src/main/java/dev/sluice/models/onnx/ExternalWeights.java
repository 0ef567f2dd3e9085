// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ElementBits;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.StringStringEntryProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TensorProto.DataLocation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a model whose data lies in other files, wherever in the model they are: graphs,
 * nested graphs, attributes, functions. The files have been checked.
 *
 * @param bytes what they take up in memory; 0 when there are none
 */
record ExternalWeights(ModelProto model, long bytes) {
  /** Of any tensor, however small. */
  private static final long OVERHEAD = 64;

  static ExternalWeights of(ModelProto model) throws EngineException {
    return new ExternalWeights(model, measure(model));
  }

  private static long measure(Message message) throws EngineException {
    if (message instanceof TensorProto tensor) {
      return tensor.getDataLocation() == DataLocation.EXTERNAL ? size(tensor) : 0;
    }
    long bytes = 0;
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      List<?> parts =
          field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
      for (Object part : parts) {
        bytes = Math.addExact(bytes, measure((Message) part));
      }
    }
    return bytes;
  }

  private static long size(TensorProto tensor) throws EngineException {
    if (ElementBits.of(tensor.getDataType()) == 0) {
      throw new EngineException(
          "the external data of tensor '%s' is of a type without a fixed size"
              .formatted(ModelNames.printable(tensor.getName())));
    }
    return Math.addExact(TensorData.byteSize(tensor), OVERHEAD);
  }

  /**
   * The model with their data inside.
   *
   * @param file the model file, which locations are relative to
   */
  ModelProto takenIn(Path file) throws IOException, EngineException {
    if (bytes == 0) {
      return model;
    }
    ModelProto.Builder inside = model.toBuilder();
    takeIn(inside, file);
    return inside.build();
  }

  private static void takeIn(Message.Builder message, Path file)
      throws IOException, EngineException {
    if (message instanceof TensorProto.Builder tensor) {
      if (tensor.getDataLocation() == DataLocation.EXTERNAL) {
        load(tensor, file);
      }
      return;
    }
    for (FieldDescriptor field : Set.copyOf(message.getAllFields().keySet())) {
      if (field.getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      if (!field.isRepeated()) {
        takeIn(message.getFieldBuilder(field), file);
        continue;
      }
      for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
        takeIn(message.getRepeatedFieldBuilder(field, i), file);
      }
    }
  }

  private static void load(TensorProto.Builder tensor, Path file)
      throws IOException, EngineException {
    String location = "";
    long offset = 0;
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      switch (entry.getKey()) {
        case "location" -> location = entry.getValue();
        case "offset" -> offset = Long.parseLong(entry.getValue());
        default -> {}
      }
    }
    ByteBuffer data = ByteBuffer.allocate((int) TensorData.byteSize(tensor.build()));
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file.resolveSibling(location), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      channel.position(offset);
      while (data.hasRemaining()) {
        if (channel.read(data) < 0) {
          throw new EOFException(location);
        }
      }
    }
    tensor
        .clearDataLocation()
        .clearExternalData()
        .setRawData(UnsafeByteOperations.unsafeWrap(data.flip()));
  }
}
