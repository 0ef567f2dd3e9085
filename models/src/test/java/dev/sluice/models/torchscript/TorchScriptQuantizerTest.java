// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.torchscript.TorchScriptReport.Kept;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What INT8 archives answer, in PyTorch itself. */
class TorchScriptQuantizerTest {
  private static final int WIDTH = 128;

  @TempDir Path folder;

  private Path source() {
    return folder.resolve("model.pt");
  }

  private Path target() {
    return folder.resolve("model-int8.pt");
  }

  private TorchScriptReport quantize(Path source) throws Exception {
    return TorchScriptQuantizer.quantize(source, target(), (step, share) -> {});
  }

  private void assertNearFp32(Path source, int outputs) throws EngineException {
    float[] rows = Runs.rows(20, WIDTH, 1);
    float[] int8 = Runs.run(target(), rows, WIDTH);
    assertThat(Runs.cosine(int8, Runs.run(source, rows, WIDTH), outputs))
        .isBetween(0.997, 0.999999);
  }

  @Test
  void scriptedLinearModulesBecomeInt8() throws Exception {
    Path source = Nets.scriptedMlp(source());

    TorchScriptReport report = quantize(source);

    assertThat(report)
        .isEqualTo(new TorchScriptReport(List.of("first.weight", "second.weight"), List.of()));
    assertNearFp32(source, 128);
    assertThat(weightBytes(target())).isLessThan(weightBytes(source) / 3);
  }

  private static long weightBytes(Path archive) throws Exception {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream()
          .filter(entry -> entry.getName().contains("/data/"))
          .mapToLong(entry -> entry.getSize())
          .sum();
    }
  }

  @Test
  void soDoProductsWithTurnedWeightsThatTracesHave() throws Exception {
    Path source = Nets.tracedMlp(source());

    assertThat(quantize(source).quantized()).containsExactly("0.weight", "1.weight");

    assertNearFp32(source, 128);
  }

  @Test
  void nestedModulesAreNamedAndSmallLayersKept() throws Exception {
    Path source = Nets.blocks(source());

    TorchScriptReport report = quantize(source);

    assertThat(report.quantized())
        .containsExactly(
            "blocks.0.up.weight",
            "blocks.0.down.weight",
            "blocks.1.up.weight",
            "blocks.1.down.weight");
    assertThat(report.kept())
        .containsExactly(new Kept("head.weight", "it is too small to gain from INT8"));
    assertNearFp32(source, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return torch.linear(x, self.w)",
        "return torch.linear(x, self.w, None)",
        "return torch.mm(x, self.v)",
        "return torch.linear(torch.linear(x, self.w), torch.t(self.v), None)",
        "return torch.addmm(self.b, x, self.v)",
        "_0 = __torch__.torch.nn.functional.linear\nreturn _0(x, self.w, self.b, )",
      })
  void otherFormsOfTheSame(String body) throws Exception {
    ScriptNet net = new ScriptNet();
    net.code(
        "__torch__.torch.nn.functional",
        """
        def linear(input: Tensor,
            weight: Tensor,
            bias: Optional[Tensor]=None) -> Tensor:
          return torch.linear(input, weight, bias)
        """);
    Path source =
        net.single(
            source(),
            body,
            "w",
            net.tensor(WIDTH, WIDTH),
            "v",
            net.tensor(WIDTH, WIDTH),
            "b",
            net.tensor(WIDTH));

    assertThat(quantize(source).quantized()).isNotEmpty();

    assertNearFp32(source, WIDTH);
  }

  @Test
  void anAnswerDoesNotDependOnItsBatch() throws Exception {
    quantize(Nets.blocks(source()));
    float[] rows = Runs.rows(64, WIDTH, 2);
    float[] together = Runs.run(target(), rows, WIDTH);

    for (int size : new int[] {1, 2, 3, 7, 33}) {
      for (int row : new int[] {0, 5, 29}) {
        float[] some = Arrays.copyOfRange(rows, row * WIDTH, (row + size) * WIDTH);
        float[] expected = Arrays.copyOfRange(together, row * 2, (row + size) * 2);
        assertThat(Runs.cosine(Runs.run(target(), some, WIDTH), expected, 2))
            .isGreaterThan(1 - 1e-6);
      }
    }
  }

  @Test
  void aRowThatIsNotANumberSpoilsItsOwnAnswerAlone() throws Exception {
    quantize(Nets.scriptedMlp(source()));
    float[] rows = Runs.rows(3, WIDTH, 3);
    float[] good = Runs.run(target(), rows, WIDTH);
    rows[WIDTH + 9] = Float.NaN;

    float[] answers = Runs.run(target(), rows, WIDTH);

    assertThat(answers[WIDTH]).isNaN();
    assertThat(Arrays.copyOf(answers, WIDTH)).isEqualTo(Arrays.copyOf(good, WIDTH));
    assertThat(Arrays.copyOfRange(answers, 2 * WIDTH, 3 * WIDTH))
        .isEqualTo(Arrays.copyOfRange(good, 2 * WIDTH, 3 * WIDTH));
  }

  /**
   * Processors without VNNI add two products in 16 bits, and cut off what does not fit: weights
   * above 64 would be wrong there, in silence.
   */
  @Test
  void theLargestProductsAreExactAndFitInto16Bits() throws Exception {
    ScriptNet net = new ScriptNet();
    float[] weights = new float[WIDTH * WIDTH];
    Arrays.fill(weights, 2);
    quantize(
        net.single(
            source(), "return torch.linear(x, self.w)", "w", net.tensor(weights, WIDTH, WIDTH)));
    float[] rows = new float[2 * WIDTH];
    Arrays.fill(rows, 3);

    for (float answer : Runs.run(target(), rows, WIDTH)) {
      assertThat(answer).isCloseTo(2 * 3 * WIDTH, within(0.01f));
    }
    try (ZipFile zip = new ZipFile(target().toFile());
        InputStream int8 = zip.getInputStream(zip.getEntry("net/data/0"))) {
      assertThat(int8.readAllBytes()).containsOnly(64).hasSize(WIDTH * WIDTH);
    }
  }

  @Test
  void zerosAndVectorsAndNoRowsAtAll() throws Exception {
    quantize(Nets.scriptedMlp(source()));
    float[] row = Runs.rows(1, WIDTH, 4);

    Tensor vector = Runs.run(target(), Tensors.fp32(new long[] {WIDTH}, row));
    Tensor cube = Runs.run(target(), Tensors.fp32(new long[] {1, 1, WIDTH}, row));
    Tensor none = Runs.run(target(), Tensors.fp32(new long[] {0, WIDTH}));

    assertThat(vector.shape()).containsExactly(WIDTH);
    assertThat(cube.shape()).containsExactly(1, 1, WIDTH);
    assertThat(Tensors.floats(vector)).isEqualTo(Tensors.floats(cube));
    assertThat(none.shape()).containsExactly(0, WIDTH);
    assertThat(Runs.run(target(), new float[WIDTH], WIDTH))
        .isEqualTo(Runs.run(target(), new float[WIDTH], WIDTH))
        .doesNotContain(Float.NaN);
  }

  @Test
  void whatPyTorchItselfWroteIsRead() throws Exception {
    Path own = Nets.blocks(source());
    Path theirs = resaved(own, folder.resolve("theirs.pt"));

    TorchScriptReport ours = quantize(own);
    assertThat(quantize(theirs)).isEqualTo(ours);
    assertNearFp32(theirs, 2);
    // And it can read and write what has become of it.
    Path again = resaved(target(), folder.resolve("again.pt"));
    float[] rows = Runs.rows(2, WIDTH, 5);
    assertThat(Runs.run(again, rows, WIDTH)).isEqualTo(Runs.run(target(), rows, WIDTH));
  }

  /** Loads and saves it in PyTorch, for which DJL has no method that is open to all. */
  private static Path resaved(Path archive, Path copy) throws Exception {
    Runs.run(archive, new float[WIDTH], WIDTH);
    try (Model model = Model.newInstance("net", Device.cpu(), "PyTorch");
        OutputStream out = Files.newOutputStream(copy)) {
      model.load(archive, null, Map.of("mapLocation", "true"));
      Class<?> block = Class.forName("ai.djl.pytorch.engine.PtSymbolBlock");
      Class.forName("ai.djl.pytorch.jni.JniUtils")
          .getMethod("writeModule", block, OutputStream.class, boolean.class)
          .invoke(null, model.getBlock(), out, false);
    }
    return copy;
  }

  @Test
  void theSameArchiveGivesTheSameBytes() throws Exception {
    Path source = Nets.blocks(source());
    quantize(source);
    byte[] first = Files.readAllBytes(target());

    quantize(source);

    assertThat(Files.readAllBytes(target())).isEqualTo(first);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void progressRisesToTheEnd() throws Exception {
    List<Double> shares = new ArrayList<>();

    TorchScriptQuantizer.quantize(
        Nets.blocks(source()), target(), (step, share) -> shares.add(share));

    assertThat(shares).isSorted().startsWith(0.0).endsWith(1.0);
  }
}
