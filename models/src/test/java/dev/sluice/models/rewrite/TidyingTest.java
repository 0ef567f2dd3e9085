// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.testing.OnnxBuilder.integer;
import static dev.sluice.models.testing.OnnxBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rewrites that clear away what exporters leave behind. */
class TidyingTest {
  private static final int FP32 = ElementTypes.code(DType.FP32);

  private static OnnxBuilder builder() {
    return new OnnxBuilder().input("x", DType.FP32, -1, -1, 4).output("y", DType.FP32);
  }

  private static Tensor longs(long... values) {
    return TensorValues.ofLongs(new long[] {values.length}, values);
  }

  private static Tensor number(float value) {
    return TensorValues.ofFloats(new long[0], value);
  }

  @Test
  void nodesWithoutEffectArePassedBy() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new NoOps(),
            builder()
                .node("Identity", List.of("x"), List.of("a"))
                .node("Dropout", List.of("a"), List.of("b"))
                .node("Cast", List.of("b"), List.of("c"), integer("to", FP32))
                .node("Transpose", List.of("c"), List.of("d"), ints("perm", 0, 1, 2))
                .node("Neg", List.of("d"), List.of("y")));
    assertThat(rewriting.ops()).containsExactly("Neg");
    rewriting.assertSame(3);
  }

  @Test
  void nodesWithAnEffectStay() throws Exception {
    Rewriting.of(
            new NoOps(),
            builder()
                .constant("half", number(0.5f))
                .constant(
                    "yes", new Tensor(DType.BOOL, new long[0], ByteBuffer.wrap(new byte[] {1})))
                .node("Dropout", List.of("x", "half", "yes"), List.of("a"))
                .node(
                    "Cast",
                    List.of("a"),
                    List.of("b"),
                    integer("to", ElementTypes.code(DType.INT32)))
                .node("Transpose", List.of("b"), List.of("y"), ints("perm", 1, 0, 2)))
        .assertUntouched();
  }

  @Test
  void whatIsComputedFromConstantsIsAConstant() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new Folding(),
            builder()
                .constant("w", TensorValues.ofFloats(new long[] {2, 4}, 1, 2, 3, 4, 5, 6, 7, 8))
                .constant("d", TensorValues.ofLongs(new long[] {1}, 16))
                .constant("one", number(1))
                .node("Transpose", List.of("w"), List.of("turned"))
                .node("Cast", List.of("d"), List.of("width"), integer("to", FP32))
                .node("Sqrt", List.of("width"), List.of("root"))
                .node("Div", List.of("one", "root"), List.of("scale"))
                .node("Mul", List.of("x", "scale"), List.of("a"))
                .node("MatMul", List.of("a", "turned"), List.of("y")));
    assertThat(rewriting.ops()).containsExactly("Mul", "MatMul");
    rewriting.assertSame(3);
  }

  @Test
  void castsThatLoseSomethingAreLeftToTheEngine() throws Exception {
    Rewriting.of(
            new Folding(),
            builder()
                .constant("c", number(1.7f))
                .node(
                    "Cast",
                    List.of("c"),
                    List.of("i"),
                    integer("to", ElementTypes.code(DType.INT64)))
                .node("Cast", List.of("i"), List.of("f"), integer("to", FP32))
                .node("Add", List.of("x", "f"), List.of("y")))
        .assertUntouched();
  }

  @Test
  void computedShapesBecomePlain() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new KnownShapes(),
            builder()
                .constant("zero", TensorValues.ofLongs(new long[0], 0))
                .constant("axis", longs(0))
                .constant("rest", longs(-1))
                .constant("two", longs(2))
                .node("Shape", List.of("x"), List.of("s"))
                .node("Gather", List.of("s", "zero"), List.of("b"))
                .node("Unsqueeze", List.of("b", "axis"), List.of("bs"))
                .node(
                    "Concat",
                    List.of("bs", "rest", "two", "two"),
                    List.of("shape"),
                    integer("axis", 0))
                .node("Reshape", List.of("x", "shape"), List.of("y")));
    assertThat(rewriting.ops()).containsExactly("Reshape");
    assertThat(
            TensorValues.longs(
                rewriting
                    .after()
                    .graph()
                    .constant(rewriting.only("Reshape").input(1))
                    .orElseThrow()))
        .containsExactly(0, -1, 2, 2);
    rewriting.assertSame(3);
  }

  @Test
  void shapesThatPlainNumbersCannotSayStayComputed() throws Exception {
    // Both free sizes have moved to other places; only one can be left open.
    Rewriting.of(
            new KnownShapes(),
            builder()
                .constant("back", longs(1, 0, 2))
                .node("Shape", List.of("x"), List.of("s"))
                .node("Gather", List.of("s", "back"), List.of("shape"))
                .node("Reshape", List.of("x", "shape"), List.of("y")))
        .assertUntouched();
  }

  @Test
  void ofTwinsOneStays() throws Exception {
    Rewriting rewriting =
        Rewriting.of(
            new Twins(),
            builder()
                .node("Neg", List.of("x"), List.of("a"))
                .node("Neg", List.of("x"), List.of("b"))
                .node("Abs", List.of("a"), List.of("c"))
                .node("Abs", List.of("b"), List.of("d"))
                .node("Softmax", List.of("c"), List.of("e"), integer("axis", -1))
                .node("Softmax", List.of("d"), List.of("f"), integer("axis", 1))
                .node("Add", List.of("e", "f"), List.of("y")));
    assertThat(rewriting.ops()).containsExactly("Neg", "Abs", "Softmax", "Softmax", "Add");
    rewriting.assertSame(3);
  }

  @Test
  void whatIsLeftToChanceHasNoTwin() throws Exception {
    Rewriting.of(
            new Twins(),
            builder()
                .node("RandomNormalLike", List.of("x"), List.of("a"))
                .node("RandomNormalLike", List.of("x"), List.of("b"))
                .node("Sub", List.of("a", "b"), List.of("y")))
        .assertUntouched();
  }
}
