// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.testing.OnnxBuilder.integer;
import static dev.sluice.models.testing.OnnxBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisations and activations. */
class FusedBlocksTest {
  private static OnnxBuilder builder() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, -1, 4)
        .output("y", DType.FP32)
        .constant("gamma", vector(0.5f, 2, 1, -1))
        .constant("beta", vector(1, 2, 3, 4))
        .constant("bias", vector(0.1f, -0.2f, 0.3f, 0.4f))
        .constant("one", number(1))
        .constant("two", number(2))
        .constant("half", number(0.5f))
        .constant("root", number((float) Math.sqrt(2)))
        .constant("inverse", number((float) Math.sqrt(0.5)))
        .constant("epsilon", number(1e-3f));
  }

  private static Tensor vector(float... values) {
    return TensorValues.ofFloats(new long[] {values.length}, values);
  }

  private static Tensor number(float value) {
    return TensorValues.ofFloats(new long[0], value);
  }

  private static OnnxBuilder norm(long axis, boolean power, boolean divided, boolean keeps) {
    OnnxBuilder norm =
        builder()
            .node("ReduceMean", List.of("x"), List.of("m"), ints("axes", axis))
            .node("Sub", List.of("x", "m"), List.of("c"))
            .node(power ? "Pow" : "Mul", List.of("c", power ? "two" : "c"), List.of("q"))
            .node(
                "ReduceMean",
                List.of("q"),
                List.of("v"),
                ints("axes", axis),
                integer("keepdims", keeps ? 1 : 0))
            .node("Add", List.of("v", "epsilon"), List.of("e"))
            .node("Sqrt", List.of("e"), List.of("d"));
    if (divided) {
      norm.node("Div", List.of("c", "d"), List.of("n"));
    } else {
      norm.node("Reciprocal", List.of("d"), List.of("r"))
          .node("Mul", List.of("r", "c"), List.of("n"));
    }
    return norm.node("Mul", List.of("gamma", "n"), List.of("g"))
        .node("Add", List.of("g", "beta"), List.of("y"));
  }

  @ParameterizedTest
  @CsvSource({"-1, true, true", "2, true, true", "-1, false, true", "-1, true, false"})
  void aNormalisationIsOneNode(long axis, boolean power, boolean divided) throws Exception {
    Rewriting rewriting = Rewriting.of(new LayerNorms(), norm(axis, power, divided, true));
    assertThat(rewriting.ops()).containsExactly("LayerNormalization");
    assertThat(rewriting.only("LayerNormalization").real("epsilon", 0)).isEqualTo(1e-3f);
    rewriting.assertSame(3);
  }

  @Test
  void aNormalisationOverAnotherAxisIsLeftAndSaid() throws Exception {
    Rewriting rewriting = Rewriting.of(new LayerNorms(), norm(1, true, true, true));
    rewriting.assertUntouched();
    assertThat(rewriting.report().left()).singleElement().asString().contains("normalisation at d");
    Rewriting.of(new LayerNorms(), norm(-1, true, true, false)).assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theExactGeluIsOneNode(int form) throws Exception {
    OnnxBuilder gelu =
        builder()
            .node(
                form == 0 ? "Div" : "Mul",
                form == 0 ? List.of("x", "root") : List.of("inverse", "x"),
                List.of("s"))
            .node("Erf", List.of("s"), List.of("e"))
            .node("Add", List.of("one", "e"), List.of("p"));
    switch (form) {
      case 0 ->
          gelu.node("Mul", List.of("x", "p"), List.of("m"))
              .node("Mul", List.of("m", "half"), List.of("y"));
      case 1 ->
          gelu.node("Mul", List.of("p", "half"), List.of("m"))
              .node("Mul", List.of("x", "m"), List.of("y"));
      default ->
          gelu.node("Mul", List.of("half", "x"), List.of("m"))
              .node("Mul", List.of("m", "p"), List.of("y"));
    }
    Rewriting rewriting = Rewriting.of(new Gelus(), gelu);
    assertThat(rewriting.ops()).containsExactly("Gelu");
    rewriting.assertSame(3);
  }

  @Test
  void whatIsNearlyAGeluIsLeftAndSaid() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new Gelus(),
            builder()
                .node("Div", List.of("x", "two"), List.of("s"))
                .node("Erf", List.of("s"), List.of("e"))
                .node("Add", List.of("e", "one"), List.of("p"))
                .node("Mul", List.of("x", "p"), List.of("m"))
                .node("Mul", List.of("m", "half"), List.of("y")));
    rewriting.assertUntouched();
    assertThat(rewriting.report().left()).singleElement().asString().contains("activation at e");
  }

  @Test
  void aBiasGoesIntoTheGelu() throws Exception {
    OnnxBuilder biased =
        builder()
            .node("Add", List.of("bias", "x"), List.of("a"))
            .microsoftNode("Gelu", List.of("a"), List.of("y"));
    Rewriting rewriting = Rewriting.of(new BiasGelus(), biased);
    assertThat(rewriting.ops()).containsExactly("BiasGelu");
    rewriting.assertSame(3);
  }

  @Test
  void aBiasThatOthersReadTooStays() throws Exception {
    Rewriting.of(
            new BiasGelus(),
            builder()
                .node("Add", List.of("bias", "x"), List.of("a"))
                .microsoftNode("Gelu", List.of("a"), List.of("b"))
                .node("Mul", List.of("a", "b"), List.of("y")))
        .assertUntouched();
  }

  private static OnnxBuilder sum(long... other) {
    return builder()
        .input("z", DType.FP32, other)
        .node("Add", List.of("x", "z"), List.of("s"))
        .node("LayerNormalization", List.of("s", "gamma", "beta"), List.of("y"));
  }

  @Test
  void aSumGoesIntoTheNormalisation() throws Exception {
    Rewriting rewriting = Rewriting.of(new SkipLayerNorms(true), sum(-1, -1, 4));
    assertThat(rewriting.ops()).containsExactly("SkipLayerNormalization");
    assertThat(rewriting.only("SkipLayerNormalization").real("epsilon", 0)).isEqualTo(1e-5f);
    rewriting.assertSame(3);
  }

  @Test
  void aBiasGoesAlong() throws Exception {
    OnnxBuilder biased =
        builder()
            .input("z", DType.FP32, -1, -1, 4)
            .node("Add", List.of("z", "bias"), List.of("b"))
            .node("Add", List.of("x", "b"), List.of("s"))
            .node("LayerNormalization", List.of("s", "gamma", "beta"), List.of("y"));
    assertThat(Rewriting.of(new SkipLayerNorms(true), biased).assertSame(3).ops())
        .containsExactly("SkipLayerNormalization");
    assertThat(Rewriting.of(new SkipLayerNorms(false), biased).assertSame(3).ops())
        .containsExactly("Add", "SkipLayerNormalization");
  }

  @Test
  void aSumThatOthersReadIsGivenOut() throws Exception {
    OnnxBuilder residual =
        builder()
            .input("z", DType.FP32, -1, -1, 4)
            .node("Add", List.of("x", "z"), List.of("s"))
            .node("LayerNormalization", List.of("s", "gamma", "beta"), List.of("n"))
            .node("Add", List.of("n", "s"), List.of("y"));
    Rewriting rewriting = Rewriting.of(new SkipLayerNorms(true), residual);
    assertThat(rewriting.ops()).containsExactly("SkipLayerNormalization", "Add");
    rewriting.assertSame(3);
  }

  @Test
  void aSummandThatMayBeStretchedIsLeftAndSaid() throws Exception {
    for (long[] other : new long[][] {{4}, {-1, -1, 1}, {-1, 4}}) {
      Rewriting rewriting = Rewriting.of(new SkipLayerNorms(true), sum(other));
      rewriting.assertUntouched();
      assertThat(rewriting.report().left()).singleElement().asString().contains("may stretch");
    }
  }

  @Test
  void oneOfABatchMayBeForAllOfIt() throws Exception {
    Rewriting rewriting = Rewriting.of(new SkipLayerNorms(true), sum(1, -1, 4));
    assertThat(rewriting.ops()).containsExactly("SkipLayerNormalization");
    rewriting.assertSame(3);
  }

  @Test
  void aNormalisationOverMoreThanTheLastAxisIsLeft() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new SkipLayerNorms(true),
            new OnnxBuilder()
                .input("x", DType.FP32, -1, 2, 4)
                .input("z", DType.FP32, -1, 2, 4)
                .output("y", DType.FP32)
                .constant("scale", TensorValues.ofFloats(new long[] {2, 4}, 1, 1, 1, 1, 1, 1, 1, 1))
                .node("Add", List.of("x", "z"), List.of("s"))
                .node(
                    "LayerNormalization", List.of("s", "scale"), List.of("y"), integer("axis", 1)));
    rewriting.assertUntouched();
  }
}
