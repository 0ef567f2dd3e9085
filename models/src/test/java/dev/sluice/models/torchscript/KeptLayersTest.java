// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static dev.sluice.models.torchscript.ScriptNet.module;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.torchscript.TorchScriptReport.Kept;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that stay in FP32, beside one that does not. */
class KeptLayersTest {
  private static final String GOOD = "g = torch.linear(x, self.good)\n";
  private static final String OTHERWISE = "its weights are used in other ways too";

  @TempDir Path folder;

  private final ScriptNet net = new ScriptNet();

  private PickleValue square() {
    return net.tensor(128, 128);
  }

  private TorchScriptReport quantize(Path source) throws Exception {
    return TorchScriptQuantizer.quantize(
        source, folder.resolve("model-int8.pt"), (step, share) -> {});
  }

  private TorchScriptReport quantize(String body, Object... attributes) throws Exception {
    Path source = net.single(folder.resolve("model.pt"), GOOD + body, attributes);
    TorchScriptReport report = quantize(source);
    // Whatever was decided, PyTorch must be able to run it.
    float[] rows = Runs.rows(2, 128, 1);
    assertThat(
            Runs.cosine(
                Runs.run(folder.resolve("model-int8.pt"), rows, 128),
                Runs.run(source, rows, 128),
                128))
        .isGreaterThan(0.99);
    return report;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return torch.add(torch.linear(g, self.w), torch.sum(self.w))",
        "w = self.w\nw0 = w\nreturn torch.add(torch.linear(g, w), torch.sum(w0))",
        "return torch.add(torch.linear(g, self.w), torch.matmul(g, self.w))",
        "return torch.linear(g, torch.neg(self.w), torch.linear(self.w, self.w)[0])",
        "if bool(torch.gt(torch.sum(x), 0)):\n  w = self.w\nelse:\n  w = torch.neg(self.w)\n"
            + "return torch.add(torch.linear(g, w), torch.linear(g, self.w))",
      })
  void weightsThatServeAnythingElse(String body) throws Exception {
    TorchScriptReport report = quantize(body, "good", square(), "w", square());

    assertThat(report.quantized()).containsExactly("good");
    assertThat(report.kept()).contains(new Kept("w", OTHERWISE));
  }

  @Test
  void weightsThatAreComputed() throws Exception {
    TorchScriptReport report =
        quantize("return torch.linear(g, torch.relu(self.w))", "good", square(), "w", square());

    assertThat(report.kept())
        .containsExactly(
            new Kept(
                "__torch__.Net.forward", "it takes weights that are no attribute, but computed"));
  }

  @Test
  void productsOfResultsAreNoLayers() throws Exception {
    TorchScriptReport report =
        quantize("return torch.matmul(torch.matmul(g, torch.t(g)), g)", "good", square());

    assertThat(report.kept()).isEmpty();
  }

  @Test
  void sumsWithFactors() throws Exception {
    TorchScriptReport report =
        quantize(
            "return torch.addmm(self.b, g, torch.t(self.w), beta=2, alpha=1)",
            "good",
            square(),
            "w",
            square(),
            "b",
            net.tensor(128));

    assertThat(report.quantized()).containsExactly("good");
  }

  @Test
  void sharedWeights() throws Exception {
    PickleValue shared = square();

    TorchScriptReport report =
        quantize(
            "return torch.linear(torch.linear(g, self.one), self.two)",
            "good",
            square(),
            "one",
            shared,
            "two",
            shared);

    assertThat(report.quantized()).containsExactly("good");
    assertThat(report.kept())
        .containsExactlyInAnyOrder(
            new Kept("one", "its weights are shared"), new Kept("two", "its weights are shared"));
  }

  @Test
  void infiniteWeights() throws Exception {
    float[] values = new float[128 * 128];
    values[200] = Float.NaN;

    TorchScriptReport report =
        quantize(
            "return torch.add(g, torch.mul_(torch.nan_to_num(torch.linear(g, self.w)), 0))",
            "good",
            square(),
            "w",
            net.tensor(values, 128, 128));

    assertThat(report.kept()).containsExactly(new Kept("w", "its weights are not all finite"));
  }

  /** An attribute of something whose class is not known could be any class's. */
  @Test
  void attributesOfTheUnknown() throws Exception {
    net.code(
        "__torch__.other",
        """
        class Pair(NamedTuple):
          w : Tensor
        """);

    TorchScriptReport report =
        quantize(
            "p = __torch__.other.Pair(x)\nreturn torch.add(torch.linear(g, self.w), p.w)",
            "good",
            square(),
            "w",
            square());

    assertThat(report.kept()).containsExactly(new Kept("w", OTHERWISE));
  }

  @Test
  void objectsOfOneClassGoTogether() throws Exception {
    String linear = "__torch__.torch.nn.modules.linear";
    net.linearClass(linear)
        .code(
            "__torch__",
            """
            class Net(Module):
              training : bool
              good : Tensor
              tied : Tensor
              a : __torch__.torch.nn.modules.linear.Linear
              b : __torch__.torch.nn.modules.linear.Linear
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
                y = torch.linear(x, self.good)
                z = torch.add(y, torch.sum(self.tied))
                return (self.b).forward((self.a).forward(z, ), )
            """);
    PickleValue tied = square();

    TorchScriptReport report =
        quantize(
            net.write(
                folder.resolve("model.pt"),
                module(
                    "__torch__.Net",
                    "good",
                    square(),
                    "tied",
                    tied,
                    "a",
                    module(linear + ".Linear", "weight", tied, "bias", net.tensor(128)),
                    "b",
                    module(linear + ".Linear", "weight", square(), "bias", net.tensor(128)))));

    assertThat(report.quantized()).containsExactly("good");
    assertThat(report.kept())
        .containsExactly(
            new Kept("a.weight", "its weights are shared"),
            new Kept("b.weight", "it shares its code with a.weight"));
  }
}
