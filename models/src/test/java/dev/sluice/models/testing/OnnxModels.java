// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import static dev.sluice.models.testing.OnnxBuilder.floats;
import static dev.sluice.models.testing.OnnxBuilder.integer;
import static dev.sluice.models.testing.OnnxBuilder.ints;
import static dev.sluice.models.testing.OnnxBuilder.string;
import static dev.sluice.models.testing.OnnxBuilder.strings;

import dev.sluice.models.tensor.DType;
import java.util.List;

/** Small ONNX models whose answers are known. Each gives a fresh builder. */
public final class OnnxModels {
  private OnnxModels() {}

  /** {@code OUTPUT0 = INPUT0}, of any type that has inputs. */
  public static OnnxBuilder identity(DType type, long... dims) {
    return new OnnxBuilder()
        .input("INPUT0", type, dims)
        .output("OUTPUT0", type, dims)
        .node("Identity", List.of("INPUT0"), List.of("OUTPUT0"));
  }

  /** {@code OUTPUT0 = INPUT0 + INPUT1, OUTPUT1 = INPUT0 - INPUT1}. */
  public static OnnxBuilder addSub(DType type, long... dims) {
    return new OnnxBuilder()
        .input("INPUT0", type, dims)
        .input("INPUT1", type, dims)
        .output("OUTPUT0", type, dims)
        .output("OUTPUT1", type, dims)
        .node("Add", List.of("INPUT0", "INPUT1"), List.of("OUTPUT0"))
        .node("Sub", List.of("INPUT0", "INPUT1"), List.of("OUTPUT1"));
  }

  /** {@code y = x · w} for x of [N, inner], row by row of {@code w}. */
  public static OnnxBuilder matmul(int inner, int columns, float... w) {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, inner)
        .output("y", DType.FP32, -1, columns)
        .constant("w", Tensors.fp32(new long[] {inner, columns}, w))
        .node("MatMul", List.of("x", "w"), List.of("y"));
  }

  /** {@code y = concat(a, b)} along the last of two axes. */
  public static OnnxBuilder concat(DType type) {
    return new OnnxBuilder()
        .input("a", type, -1, -1)
        .input("b", type, -1, -1)
        .output("y", type, -1, -1)
        .node("Concat", List.of("a", "b"), List.of("y"), integer("axis", 1));
  }

  /** {@code y = x} cast from one type to another. */
  public static OnnxBuilder cast(DType from, DType to, long... dims) {
    return new OnnxBuilder()
        .input("x", from, dims)
        .output("y", to, dims)
        .node("Cast", List.of("x"), List.of("y"), integer("to", OnnxBuilder.code(to)));
  }

  /** {@code y = meaning of x} for strings of [N]: what is not a key becomes {@code ?}. */
  public static OnnxBuilder dictionary(String[] keys, String[] meanings) {
    return new OnnxBuilder()
        .input("x", DType.BYTES, -1)
        .output("y", DType.BYTES, -1)
        .mlNode(
            "LabelEncoder",
            List.of("x"),
            List.of("y"),
            strings("keys_strings", keys),
            strings("values_strings", meanings),
            string("default_string", "?"));
  }

  /** {@code y = table[x]}, which fails at run time for a row outside of 0 to 2. */
  public static OnnxBuilder lookup() {
    return new OnnxBuilder()
        .input("x", DType.INT64, -1, 1)
        .output("y", DType.FP32, -1, 1)
        .constant("table", Tensors.fp32(new long[] {3}, 10, 20, 30))
        .node("Gather", List.of("table", "x"), List.of("y"), integer("axis", 0));
  }

  /** {@code y = zeros(x)}: the output's shape is the input's value. */
  public static OnnxBuilder zerosOfShape() {
    return new OnnxBuilder()
        .input("x", DType.INT64, -1)
        .output("y", DType.FP32, -1, -1)
        .node("ConstantOfShape", List.of("x"), List.of("y"));
  }

  /**
   * A logistic classifier of two features and three classes, as scikit-learn's converter writes it:
   * {@code output_label} and, as maps, {@code output_probability}. Class i scores feature 0 for
   * i=0, feature 1 for i=1, and 0 for i=2, before the softmax.
   */
  public static OnnxBuilder classifierWithMaps(String... labels) {
    return linearClassifier(labels)
        .output("output_probability", OnnxBuilder.classMaps(DType.BYTES))
        .mlNode(
            "ZipMap",
            List.of("scores"),
            List.of("output_probability"),
            strings("classlabels_strings", labels));
  }

  /** The same with integer classes. */
  public static OnnxBuilder classifierWithIntegerMaps(long... labels) {
    return linearClassifier(labels)
        .output("output_probability", OnnxBuilder.classMaps(DType.INT64))
        .mlNode(
            "ZipMap",
            List.of("scores"),
            List.of("output_probability"),
            ints("classlabels_int64s", labels));
  }

  private static OnnxBuilder linearClassifier(Object labels) {
    boolean text = labels instanceof String[];
    return new OnnxBuilder()
        .input("float_input", DType.FP32, -1, 2)
        .output("output_label", text ? DType.BYTES : DType.INT64, -1)
        .mlNode(
            "LinearClassifier",
            List.of("float_input"),
            List.of("output_label", "scores"),
            floats("coefficients", 1, 0, 0, 1, 0, 0),
            floats("intercepts", 0, 0, 0),
            labels instanceof String[] names
                ? strings("classlabels_strings", names)
                : ints("classlabels_ints", (long[]) labels),
            integer("multi_class", 1),
            string("post_transform", "SOFTMAX"));
  }
}
