// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static dev.sluice.models.repository.Disk.external;
import static dev.sluice.models.repository.Disk.withWeight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.FunctionProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.SparseTensorProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TrainingInfoProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxCheckTest {
  private static final byte[] FOUR_FLOATS = new byte[16];

  private final Disk disk;

  OnnxCheckTest(@TempDir Path root) {
    disk = new Disk(root);
  }

  private Disk model(byte[] content) throws IOException {
    return disk.bytes("m/model.onnx", content);
  }

  @Test
  void externalDataBesideTheModelIsServed() throws IOException {
    model(withWeight(external("w.bin"))).bytes("m/w.bin", FOUR_FLOATS);
    assertThat(disk.spec().file()).hasFileName("model.onnx");
    model(withWeight(external("sub/w.bin", "offset", "16", "length", "16")))
        .bytes("m/sub/w.bin", new byte[32]);
    assertThat(disk.spec().file()).hasFileName("model.onnx");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../w.bin | does not lie beside the model file",
        "sub/../../w.bin | does not lie beside the model file",
        "sub/../w.bin | does not lie beside the model file",
        "/etc/hostname | does not lie beside the model file",
        "'C:\\w.bin' | does not lie beside the model file",
        "'..\\w.bin' | does not lie beside the model file",
        "'' | does not lie beside the model file",
        "'.' | is missing",
        "gone.bin | at 'gone.bin' is missing",
        "sub | is missing",
        "*/_ORT_MEM_ADDR_/* | points into memory"
      })
  void externalDataElsewhereIsRefused(String location, String reason) throws IOException {
    model(withWeight(external(location))).bytes("w.bin", FOUR_FLOATS).bytes("m/w.bin", FOUR_FLOATS);
    disk.bytes("m/sub/other", FOUR_FLOATS);
    assertThat(disk.reason())
        .startsWith("model.onnx is not a usable ONNX model: the external data of tensor 'w'")
        .contains(reason);
  }

  @Test
  void aLocationThatIsNoNameIsRefused() throws IOException {
    model(withWeight(external("a\0b")));
    assertThat(disk.reason()).contains("is not a file name");
  }

  @ParameterizedTest
  @CsvSource({
    "offset, 1, needs bytes 1 to 17",
    "offset, 17, needs bytes 17",
    "offset, -1, not a number of bytes",
    "offset, 99999999999999999999, not a number of bytes",
    "length, 15, has a length of 15 bytes where its shape needs 16",
    "length, 17, needs bytes 0 to 17",
    "length, 999999999999999999, which has only 16"
  })
  void externalDataThatIsTooShortIsRefused(String key, String value, String reason)
      throws IOException {
    model(withWeight(external("w.bin", key, value))).bytes("m/w.bin", FOUR_FLOATS);
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void aShortFileIsRefused() throws IOException {
    model(withWeight(external("w.bin"))).bytes("m/w.bin", new byte[15]);
    assertThat(disk.reason()).contains("needs bytes 0 to 16 of 'w.bin', which has only 15");
  }

  @Test
  void twoLocationsOrNoneAreRefused() throws IOException {
    TensorProto two = external("w.bin", "location", "v.bin");
    model(withWeight(two)).bytes("m/w.bin", FOUR_FLOATS).bytes("m/v.bin", FOUR_FLOATS);
    assertThat(disk.reason()).contains("must name one location, not 2");
    model(withWeight(two.toBuilder().clearExternalData().build()));
    assertThat(disk.reason()).contains("must name one location, not 0");
  }

  @Test
  void aLocationIsCheckedEvenIfTheTensorSaysThatItIsInside() throws IOException {
    model(withWeight(external("../w").toBuilder().clearDataLocation().build()));
    assertThat(disk.reason()).contains("does not lie beside the model file");
  }

  @Test
  void linksAreRefused() throws IOException {
    disk.bytes("secret", FOUR_FLOATS).bytes("m/real.bin", FOUR_FLOATS);
    Files.createSymbolicLink(disk.path("m/out.bin"), disk.path("secret"));
    Files.createSymbolicLink(disk.path("m/in.bin"), Path.of("real.bin"));
    Files.createSymbolicLink(disk.path("m/up"), Path.of(".."));
    for (String link : List.of("out.bin", "in.bin", "up/secret")) {
      model(withWeight(external(link)));
      assertThat(disk.reason()).contains("is behind a symbolic link");
    }
  }

  @Test
  void aFileWithASecondNameIsRefused() throws IOException {
    disk.bytes("secret", FOUR_FLOATS);
    model(withWeight(external("w.bin")));
    assumeThat(disk.path("m").getFileSystem().supportedFileAttributeViews()).contains("unix");
    Files.createLink(disk.path("m/w.bin"), disk.path("secret"));
    assertThat(disk.reason()).contains("has a second name (hard link)");
  }

  static Stream<ModelProto> hidingPlaces() {
    TensorProto bad = external("../w.bin");
    GraphProto inner = GraphProto.newBuilder().addInitializer(bad).build();
    SparseTensorProto sparse = SparseTensorProto.newBuilder().setIndices(bad).build();
    return Stream.of(
        graph(g -> g.addSparseInitializer(SparseTensorProto.newBuilder().setValues(bad))),
        attribute(a -> a.setT(bad)),
        attribute(a -> a.addTensors(bad)),
        attribute(a -> a.setG(inner)),
        attribute(a -> a.addGraphs(inner)),
        attribute(a -> a.setSparseTensor(sparse)),
        attribute(a -> a.addSparseTensors(sparse)),
        attribute(a -> a.setG(attribute(b -> b.setG(inner)).getGraph())),
        model()
            .addFunctions(
                FunctionProto.newBuilder().addNode(node(AttributeProto.newBuilder().setT(bad))))
            .build(),
        model()
            .addFunctions(
                FunctionProto.newBuilder().addAttributeProto(AttributeProto.newBuilder().setT(bad)))
            .build(),
        model().addTrainingInfo(TrainingInfoProto.newBuilder().setAlgorithm(inner)).build(),
        model().addTrainingInfo(TrainingInfoProto.newBuilder().setInitialization(inner)).build());
  }

  @ParameterizedTest
  @MethodSource("hidingPlaces")
  void everyPlaceForATensorIsLookedAt(ModelProto model) throws IOException {
    model(model.toByteArray());
    assertThat(disk.reason()).contains("does not lie beside the model file");
  }

  @Test
  void aModelCutAnywhereInItsWeightsIsRefused() throws IOException {
    TensorProto weight =
        TensorProto.newBuilder().setRawData(ByteString.copyFrom(new byte[300_000])).build();
    byte[] whole = withWeight(weight);
    model(whole);
    assertThat(disk.spec().name()).isEqualTo("m");
    for (int length : new int[] {whole.length - 1, whole.length / 2, 70_000, 3}) {
      model(Arrays.copyOf(whole, length));
      assertThat(disk.reason()).startsWith("model.onnx is not a");
    }
  }

  @Test
  void flippedBitsAreNeverMoreThanARefusal() throws IOException {
    byte[] whole = withWeight(external("w.bin"));
    disk.bytes("m/w.bin", FOUR_FLOATS);
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = whole.clone();
      for (int flips = random.nextInt(8); flips >= 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      model(flipped);
      if (disk.only() instanceof Found.Refused refused) {
        assertThat(refused.reason()).startsWith("model.onnx is not a");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the file is empty",
        "hello world | is not a",
        "version https://git-lfs.github.com/spec/v1 | a Git LFS pointer",
        "<!DOCTYPE html> | a web page"
      })
  void whatIsNoModelIsRefused(String content, String reason) throws IOException {
    disk.text("m/model.onnx", content);
    assertThat(disk.reason()).contains(reason);
  }

  @Test
  void aPickleOfAnotherNameIsRefused() throws IOException {
    model(new byte[] {(byte) 0x80, 4, (byte) 0x95, 0});
    assertThat(disk.reason()).contains("a Python pickle");
    model(Disk.zip("m/data.pkl", "m/constants.pkl", "m/code/a.py"));
    assertThat(disk.reason()).contains("the file is a zip archive");
  }

  @Test
  void aMessageWithoutAGraphIsRefused() throws IOException {
    model(ModelProto.newBuilder().setProducerName("somebody").build().toByteArray());
    assertThat(disk.reason()).contains("it has no graph");
    model(
        ModelProto.newBuilder()
            .setGraph(GraphProto.newBuilder().setName("g"))
            .build()
            .toByteArray());
    assertThat(disk.reason()).contains("its graph has no outputs");
  }

  @Test
  void graphsNestedWithoutEndAreRefused() throws IOException {
    byte[] graph = GraphProto.getDefaultInstance().toByteArray();
    for (int i = 0; i < 500; i++) {
      graph =
          wrap(
              GraphProto.NODE_FIELD_NUMBER,
              wrap(NodeProto.ATTRIBUTE_FIELD_NUMBER, wrap(AttributeProto.G_FIELD_NUMBER, graph)));
    }
    model(wrap(ModelProto.GRAPH_FIELD_NUMBER, graph));
    assertThat(disk.reason()).contains("nested more than 100 levels deep");
  }

  @Test
  void aFileOfMoreThanTwoGigabytesIsRefused() throws IOException {
    model(withWeight(TensorProto.getDefaultInstance()));
    try (RandomAccessFile file = new RandomAccessFile(disk.path("m/model.onnx").toFile(), "rw")) {
      file.setLength((1L << 31) + 1);
    }
    assertThat(disk.reason())
        .contains("more than the 2 GB of the format")
        .contains("external data");
  }

  private static ModelProto.Builder model() {
    return Disk.identity("y", 2).toBuilder();
  }

  private static ModelProto graph(java.util.function.UnaryOperator<GraphProto.Builder> change) {
    return model().setGraph(change.apply(Disk.graph("y", 2))).build();
  }

  private static ModelProto attribute(
      java.util.function.UnaryOperator<AttributeProto.Builder> change) {
    return graph(g -> g.addNode(node(change.apply(AttributeProto.newBuilder()))));
  }

  private static NodeProto.Builder node(AttributeProto.Builder attribute) {
    return NodeProto.newBuilder().addAttribute(attribute);
  }

  private static byte[] wrap(int field, byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(field, message);
    out.flush();
    return bytes.toByteArray();
  }
}
