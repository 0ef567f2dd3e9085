// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.StringStringEntryProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes model repositories for tests, and reads them back. */
final class Disk {
  private final Path root;

  Disk(Path root) {
    this.root = root;
  }

  Path path(String relative) {
    return root.resolve(relative);
  }

  Disk text(String relative, String content) throws IOException {
    return bytes(relative, content.getBytes(StandardCharsets.UTF_8));
  }

  Disk bytes(String relative, byte[] content) throws IOException {
    Path file = root.resolve(relative);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(file, content);
    return this;
  }

  Disk onnx(String relative) throws IOException {
    return bytes(relative, identity("y", 2).toByteArray());
  }

  Disk torchScript(String relative) throws IOException {
    return bytes(
        relative, zip("m/data.pkl", "m/constants.pkl", "m/code/__torch__.py", "m/version"));
  }

  Disk textModel(String folder) throws IOException {
    return text(
            folder + "/config.json", "{\"model_type\":\"bert\",\"max_position_embeddings\":512}")
        .text(folder + "/tokenizer.json", TOKENIZER)
        .bytes(folder + "/onnx/model.onnx", identity("last_hidden_state", 3).toByteArray());
  }

  static final String TOKENIZER =
      "{\"added_tokens\":[{\"id\":7,\"content\":\"<pad>\"}],\"padding\":null,"
          + "\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":1}}}";

  Found only() throws IOException {
    return only(new ModelRepository(root));
  }

  private static Found only(ModelRepository repository) throws IOException {
    List<Found> all = repository.scan();
    if (all.size() != 1) {
      throw new AssertionError("expected one model, found " + all);
    }
    return all.getFirst();
  }

  /** Where the server says something about variants. */
  ModelSpec spec(VariantSettings variants) throws IOException {
    return ((Found.Servable) only(new ModelRepository(root, variants))).specs().getFirst();
  }

  ModelSpec spec() throws IOException {
    return specs().getFirst();
  }

  List<ModelSpec> specs() throws IOException {
    if (only() instanceof Found.Servable servable) {
      return servable.specs();
    }
    throw new AssertionError("refused: " + only());
  }

  String reason() throws IOException {
    if (only() instanceof Found.Refused refused) {
      return refused.reason();
    }
    throw new AssertionError("not refused: " + only());
  }

  static ModelProto identity(String output, int rank) {
    return ModelProto.newBuilder().setIrVersion(8).setGraph(graph(output, rank)).build();
  }

  static GraphProto.Builder graph(String output, int rank) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int i = 0; i < rank; i++) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1));
    }
    TypeProto type =
        TypeProto.newBuilder()
            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))
            .build();
    return GraphProto.newBuilder()
        .addNode(NodeProto.newBuilder().setOpType("Identity").addInput("x").addOutput(output))
        .addInput(ValueInfoProto.newBuilder().setName("x").setType(type))
        .addOutput(ValueInfoProto.newBuilder().setName(output).setType(type));
  }

  /** Four floats that lie in another file. */
  static TensorProto external(String location, String... more) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location));
    for (int i = 0; i < more.length; i += 2) {
      tensor.addExternalData(entry(more[i], more[i + 1]));
    }
    return tensor.build();
  }

  static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  static byte[] withWeight(TensorProto weight) {
    return ModelProto.newBuilder()
        .setGraph(graph("y", 2).addInitializer(weight))
        .build()
        .toByteArray();
  }

  static byte[] zip(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(entry.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
