// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.testing.TextModels;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.TensorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on small models, which real child processes quantize. */
final class QuantizeCommandTest {
  private final CommandRun sluice = new CommandRun();

  @TempDir private Path folder;

  private int quantize(Path model, String... more) {
    String[] args = Arrays.copyOf(new String[] {"quantize", model.toString()}, 4 + more.length);
    args[2] = "-o";
    args[3] = folder.resolve("out/made").toString();
    System.arraycopy(more, 0, args, 4, more.length);
    return sluice.run(args);
  }

  private List<String> made() throws IOException {
    Path out = folder.resolve("out");
    if (!Files.exists(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(out)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private void fails(Path model, String reason, String... more) throws IOException {
    assertThat(quantize(model, more)).as(reason).isEqualTo(ExitCode.FAILED);
    assertThat(sluice.err().lines().filter(line -> line.startsWith("sluice: ")))
        .singleElement()
        .asString()
        .contains(reason)
        .doesNotContain("Exception");
    assertThat(made()).isEmpty();
    assertThat(folder.resolve("out"))
        .satisfiesAnyOf(
            out -> assertThat(out).doesNotExist(), out -> assertThat(out).isEmptyDirectory());
  }

  /** {@code y = relu(x · up) · down}, which is no encoder. */
  private Path perceptron() {
    SplittableRandom random = new SplittableRandom(3);
    float[] up = new float[64 * 256];
    float[] down = new float[256 * 32];
    for (float[] weights : List.of(up, down)) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
    }
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, 64)
        .output("y", DType.FP32, -1, 32)
        .constant("up", Tensors.fp32(new long[] {64, 256}, up))
        .constant("down", Tensors.fp32(new long[] {256, 32}, down))
        .node("MatMul", List.of("x", "up"), List.of("wide"))
        .node("Relu", List.of("wide"), List.of("positive"))
        .node("MatMul", List.of("positive", "down"), List.of("y"))
        .write(folder.resolve("m/mlp.onnx"));
  }

  private String requests(int count) {
    SplittableRandom random = new SplittableRandom(4);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      double[] row = random.doubles(64, -2, 2).toArray();
      lines
          .append("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":[")
          .append(Arrays.toString(row))
          .append("]}]}\n");
    }
    return lines.toString();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    Files.createDirectories(folder.resolve("m"));
    return Files.write(folder.resolve("m").resolve(name), bytes);
  }

  private Path file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTextModelBecomesAFolderThatCanBeServed() throws Exception {
    Path source = TextModels.write(folder.resolve("m/source"), 1);
    assertThat(quantize(source)).as(sluice.err()).isEqualTo(ExitCode.GOOD);
    assertThat(made())
        .containsExactly(
            "made/config.json",
            "made/fidelity.json",
            "made/model.onnx",
            "made/model.yaml",
            "made/report.txt",
            "made/sentence_bert_config.json",
            "made/tokenizer.json");
    assertThat(sluice.out())
        .contains("int8 of source, ", "cosine to the model, mean", "within the budget")
        .contains("written to " + folder.resolve("out/made"));
    assertThat(sluice.err()).contains("rewriting", "loading", "measuring");

    assertThat(quantize(source)).isEqualTo(ExitCode.FAILED);
    assertThat(sluice.err()).contains("is there already; --force replaces it");
    assertThat(quantize(source, "--force", "--scheme", "per-token")).isEqualTo(ExitCode.GOOD);
    assertThat(sluice.out()).contains("int8 of source, per-token");
  }

  @Test
  void whatMissesTheBudgetIsWrittenAndSaidSo() throws Exception {
    Path source = TextModels.write(folder.resolve("m/source"), 1);
    assertThat(quantize(source, "--scheme", "dynamic")).isEqualTo(ExitCode.FAILED);
    assertThat(sluice.out())
        .contains("below the budget: the worst cosine of one input in two batches");
    assertThat(made()).contains("made/model.onnx", "made/fidelity.json");
  }

  @Test
  void aModelThatIsNoEncoderIsCalibratedWithRequests() throws Exception {
    Path requests = file("requests.jsonl", requests(40));
    assertThat(quantize(perceptron(), "--calibration", requests.toString()))
        .as(sluice.err())
        .isEqualTo(ExitCode.GOOD);
    assertThat(sluice.out()).contains("measured on 10 inputs", "within the budget");
    assertThat(made()).containsExactly("made/fidelity.json", "made/model.onnx", "made/report.txt");
  }

  @Test
  void whatIsNoModelIsRefused() throws Exception {
    fails(folder.resolve("nothing"), "there is no file or folder");
    fails(file("a.onnx", "PK\u0003\u0004 and so on"), "is not an ONNX model");
    byte[] whole = Files.readAllBytes(perceptron());
    fails(file("b.onnx", Arrays.copyOf(whole, whole.length - 9)), "is not a whole ONNX model");
    fails(file("c.bin", whole), "neither an .onnx nor a .pt file");
    OnnxBuilder unknown =
        new OnnxBuilder()
            .input("x", DType.FP32, -1, 2)
            .output("y", DType.FP32, -1, 2)
            .constant("w", Tensors.fp32(new long[] {2, 2}, 1, 2, 3, 4))
            .node("MatMul", List.of("x", "w"), List.of("z"))
            .node("NoSuchOperator", List.of("z"), List.of("y"));
    fails(unknown.write(folder.resolve("m/d.onnx")), "NoSuchOperator");
    fails(
        OnnxModels.addSub(DType.FP32, -1, 2).write(folder.resolve("m/e.onnx")),
        "no weights to quantize");
  }

  @Test
  void externalFilesThatAreMissingOrNotTheModelsOwnAreRefused() throws Exception {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(perceptron()));
    for (String location : List.of("weights.bin", "../weights.bin")) {
      ModelProto.Builder external = model.toBuilder();
      TensorProto.Builder weights = external.getGraphBuilder().getInitializerBuilder(0);
      weights.clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
      weights.addExternalDataBuilder().setKey("location").setValue(location);
      Path file = file("x.onnx", external.build().toByteArray());
      Files.write(folder.resolve("weights.bin"), new byte[4 * 64 * 256]);
      fails(
          file,
          location.startsWith("..")
              ? "does not lie beside the model file"
              : "is missing, or is not a regular file");
    }
  }

  @Test
  void calibrationThatCannotBeUsedIsRefused() throws Exception {
    Path texts = TextModels.write(folder.resolve("m/source"), 1);
    fails(texts, "is empty", "--calibration", file("a.txt", " \n\n").toString());
    fails(
        texts,
        "has more than 10000 lines",
        "--calibration",
        file("b.txt", "word\n".repeat(10_001)).toString());
    fails(
        texts,
        "is larger than 16 MiB",
        "--calibration",
        file("c.txt", new byte[(16 << 20) + 1]).toString());
    fails(
        texts,
        "is not UTF-8 text",
        "--calibration",
        file("d.txt", new byte[] {'a', (byte) 0xff, '\n'}).toString());
    fails(texts, "cannot be read", "--calibration", folder.resolve("none.txt").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain words | input 1: it is not JSON",
        "{\"inputs\":[]} | 'inputs' must be a list of the model's [x]",
        "{\"inputs\":[{\"name\":\"z\"}]} | the input 'x' is missing",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"INT8\"}]} | 'datatype' must be FP32",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,9]}]}"
            + " | 'shape' is [1,9], but the model takes [-1, 64]",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[1]}]}"
            + " | 'data' has 1 values, but the shape has 64",
      })
  void requestsThatDoNotFitAreRefusedNamingTheLine(String line, String reason) throws Exception {
    Path requests = file("requests.jsonl", line + "\n");
    fails(perceptron(), reason, "--calibration", requests.toString());
  }

  @Test
  void badUsageIsSaidInOneLine() {
    assertThat(sluice.run("quantize")).isEqualTo(ExitCode.BAD_USAGE);
    assertThat(sluice.err()).contains("MODEL");
    assertThat(sluice.run("quantize", "m.onnx", "--scheme", "statik"))
        .isEqualTo(ExitCode.BAD_USAGE);
    assertThat(sluice.err())
        .contains("--scheme must be one of static, per-token, dynamic; did you mean static?");
  }
}
