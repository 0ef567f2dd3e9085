// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.StringStringEntryProto;
import dev.sluice.proto.onnx.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
  private static final float[] WEIGHTS = {1, 2, 3, 4, 5, 6};

  @TempDir Path root;
  private Path folder;
  private Path file;

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createDirectory(root.resolve("m"));
    file = folder.resolve("model.onnx");
  }

  private static ModelProto matmul() {
    return OnnxModels.matmul(2, 3, WEIGHTS).build();
  }

  /** The same with its weights in a file beside it, behind four bytes of something else. */
  private ModelProto matmulOutside(String location, Path data) throws IOException {
    ModelProto.Builder model = matmul().toBuilder();
    TensorProto.Builder w = model.getGraphBuilder().getInitializerBuilder(0);
    Files.createDirectories(data.getParent());
    Files.write(data, ByteString.copyFromUtf8("....").concat(w.getRawData()).toByteArray());
    w.clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", "4"));
    return model.build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private OnnxModel read(byte[] content) throws IOException, EngineException {
    Files.write(file, content);
    return OnnxModel.read(folder, file);
  }

  private void assertRefused(byte[] content, String words) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(words)
        .message()
        .doesNotContain("\n");
  }

  private static float[] weights(OnnxModel model) {
    return TensorValues.floats(model.graph().constant("w").orElseThrow());
  }

  @Test
  void whatIsReadAndNotChangedIsWrittenAsItWas() throws Exception {
    ModelProto model =
        matmul().toBuilder()
            .setProducerVersion("3")
            .addMetadataProps(entry("key", "value"))
            .setModelVersion(5)
            .build();
    OnnxModel read = read(model.toByteArray());
    assertThat(read.toProto()).isEqualTo(model);
    read.write(folder.resolve("copy.onnx"));
    assertThat(ModelProto.parseFrom(Files.readAllBytes(folder.resolve("copy.onnx"))))
        .isEqualTo(model);
  }

  @Test
  void externalDataIsTakenIn() throws Exception {
    byte[] model = matmulOutside("data/w.bin", folder.resolve("data/w.bin")).toByteArray();
    OnnxModel read = read(model);
    assertThat(weights(read)).containsExactly(WEIGHTS);
    assertThat(read.toProto()).isEqualTo(matmul());
  }

  @Test
  void externalDataOfAConstantNodeIsTakenIn() throws Exception {
    ModelProto.Builder model = matmulOutside("w.bin", folder.resolve("w.bin")).toBuilder();
    TensorProto w = model.getGraph().getInitializer(0);
    model
        .getGraphBuilder()
        .clearInitializer()
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput("w")
                .addAttribute(AttributeProto.newBuilder().setName("value").setT(w)));
    assertThat(weights(read(model.build().toByteArray()))).containsExactly(WEIGHTS);
  }

  @Test
  void externalDataElsewhereIsRefused() throws Exception {
    assertRefused(
        matmulOutside("../w.bin", root.resolve("w.bin")).toByteArray(),
        "does not lie beside the model file");
    Files.createSymbolicLink(folder.resolve("link.bin"), root.resolve("w.bin"));
    assertRefused(
        matmulOutside("link.bin", root.resolve("w.bin")).toByteArray(), "behind a symbolic link");
    Files.delete(folder.resolve("link.bin"));
    assertRefused(matmulOutside("link.bin", root.resolve("w.bin")).toByteArray(), "is missing");
  }

  @Test
  void whatIsNoWholeModelIsRefused() {
    byte[] model = matmul().toByteArray();
    assertRefused(new byte[0], "the file is empty");
    assertRefused("<!DOCTYPE html>".getBytes(UTF_8), "a web page");
    assertRefused("no model at all, only words".getBytes(UTF_8), "cut short or damaged");
    for (int length = 1; length < model.length; length += 7) {
      byte[] cut = Arrays.copyOf(model, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(EngineException.class);
    }
  }

  @Test
  void moreThanTwoGigabytesAreRefused() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(matmul().toByteArray());
      sparse.setLength(Integer.MAX_VALUE + 1L);
    }
    assertThatThrownBy(() -> OnnxModel.read(folder, file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("2 GB");
  }

  @Test
  void moreThanTwoGigabytesOfExternalDataAreRefused() throws Exception {
    Path data = folder.resolve("w.bin");
    ModelProto.Builder model = matmulOutside("w.bin", data).toBuilder();
    TensorProto w =
        model.getGraph().getInitializer(0).toBuilder().clearDims().addDims(1L << 29).build();
    model.getGraphBuilder().setInitializer(0, w);
    try (RandomAccessFile sparse = new RandomAccessFile(data.toFile(), "rw")) {
      sparse.setLength((1L << 31) + 4);
    }
    assertRefused(model.build().toByteArray(), "more than the 2 GB that can be rewritten");
  }

  @Test
  void whatCannotBeWrittenLeavesNothingBehind() throws Exception {
    OnnxModel model = OnnxModel.of(matmul());
    Path taken = folder.resolve("taken.onnx");
    Files.createDirectories(taken.resolve("in"));
    assertThatThrownBy(() -> model.write(taken))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cannot be written");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(taken);
    }
    assertThatThrownBy(() -> model.write(root.resolve("no/such/folder.onnx")))
        .hasMessageContaining("cannot be written");
  }

  @Test
  void writingReplacesWhatWasThere() throws Exception {
    Files.writeString(file, "old");
    OnnxModel.of(matmul()).write(file);
    assertThat(weights(OnnxModel.read(folder, file))).containsExactly(WEIGHTS);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aTensorIsReadFromWhicheverFieldHoldsIt() throws Exception {
    ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-2f)).flip();
    TensorProto.Builder base = TensorProto.newBuilder().setName("c").addDims(2);
    assertThat(floats(base.clone().setDataType(1).addFloatData(1.5f).addFloatData(-2)))
        .containsExactly(1.5f, -2);
    assertThat(floats(base.clone().setDataType(10).setRawData(ByteString.copyFrom(halves))))
        .containsExactly(1.5f, -2);
    assertThat(floats(base.clone().setDataType(10).addInt32Data(0x3E00).addInt32Data(0xC000)))
        .containsExactly(1.5f, -2);
    assertThat(floats(base.clone().setDataType(16).addInt32Data(0x3FC0).addInt32Data(0xC000)))
        .containsExactly(1.5f, -2);
    assertThat(floats(base.clone().setDataType(11).addDoubleData(1.5).addDoubleData(-2)))
        .containsExactly(1.5f, -2);
    assertThat(longs(base.clone().setDataType(7).addInt64Data(1L << 40).addInt64Data(-2)))
        .containsExactly(1L << 40, -2);
    assertThat(longs(base.clone().setDataType(6).addInt32Data(7).addInt32Data(-2)))
        .containsExactly(7, -2);
    assertThat(longs(base.clone().setDataType(3).addInt32Data(127).addInt32Data(-128)))
        .containsExactly(127, -128);
    assertThat(longs(base.clone().setDataType(2).addInt32Data(255).addInt32Data(0)))
        .containsExactly(255, 0);
    assertThat(longs(base.clone().setDataType(9).addInt32Data(1).addInt32Data(0)))
        .containsExactly(1, 0);
    assertThat(longs(base.clone().setDataType(12).addUint64Data(0xFFFFFFFFL).addUint64Data(0)))
        .containsExactly(0xFFFFFFFFL, 0);
  }

  private static float[] floats(TensorProto.Builder tensor) throws EngineException {
    return TensorValues.floats(constant(tensor));
  }

  private static long[] longs(TensorProto.Builder tensor) throws EngineException {
    return TensorValues.longs(constant(tensor));
  }

  private static Tensor constant(TensorProto.Builder tensor) throws EngineException {
    ModelProto.Builder model = matmul().toBuilder();
    model.getGraphBuilder().addInitializer(tensor);
    return OnnxModel.of(model.build()).graph().constant("c").orElseThrow();
  }

  @Test
  void dataThatDoesNotFitItsShapeIsRefused() {
    TensorProto.Builder base = TensorProto.newBuilder().setName("c").setDataType(1);
    for (TensorProto.Builder wrong :
        List.of(
            base.clone().addDims(2).addFloatData(1),
            base.clone().addDims(2).setRawData(ByteString.copyFrom(new byte[12])),
            base.clone().addDims(1L << 40),
            base.clone().addFloatData(1).addFloatData(1))) {
      assertThatThrownBy(() -> constant(wrong))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("tensor 'c' holds");
    }
    for (TensorProto.Builder wrong :
        List.of(base.clone().addDims(-1), base.clone().addDims(1L << 40).addDims(1L << 40))) {
      assertThatThrownBy(() -> constant(wrong))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("is impossible");
    }
  }
}
