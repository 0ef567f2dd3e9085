// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.testing.OnnxBuilder.integer;
import static dev.sluice.models.testing.OnnxBuilder.ints;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.ModelProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A small encoder with random weights, spelled out node by node the way exporters do it: all shapes
 * computed in the graph, all blocks taken apart. Each family and each generation of exporters has
 * its own way.
 */
public final class TestEncoder {
  static final int HIDDEN = 16;
  static final int HEADS = 2;
  static final int LAYERS = 2;
  public static final int VOCABULARY = 40;
  private static final int POSITIONS = 24;
  private static final long AXES_ARE_INPUTS = 13;

  /** Ways to let scores of padding vanish. */
  public enum Mask {
    /** {@code scores / sqrt d + (1 - mask) * -10000}. */
    ADDED,
    /** The mask is stretched to [B, 1, S, S] and filled in by Where, then added. */
    STRETCHED,
    /** {@code where(mask == 0, lowest, scores)}. */
    FILLED
  }

  /** Where position vectors come from. */
  public enum Positions {
    /** A slice of a table of numbers, as long as the input. */
    SLICED,
    /** Counted over the tokens that are not padding. */
    COUNTED,
    /** A range, stretched to the input's shape. */
    RANGE
  }

  /** What an exporter makes of a family of models. */
  public record Style(
      long opset,
      Mask mask,
      Positions positions,
      boolean tokenTypes,
      boolean wholeNorms,
      boolean relativeBias,
      boolean onlyType) {
    /** BERT, BGE, E5, MiniLM out of an older exporter. */
    public static final Style BERT =
        new Style(11, Mask.ADDED, Positions.SLICED, true, false, false);

    /** The same out of a newer one: attention by torch's own function. */
    public static final Style BERT_SDPA =
        new Style(17, Mask.STRETCHED, Positions.SLICED, true, true, false);

    public static final Style ROBERTA =
        new Style(14, Mask.ADDED, Positions.COUNTED, false, false, false);

    public static final Style DISTILBERT =
        new Style(12, Mask.FILLED, Positions.RANGE, false, false, false);

    /** As it is: with the only type that it has, which the graph looks up for each token. */
    public static final Style XLM_ROBERTA =
        new Style(14, Mask.STRETCHED, Positions.COUNTED, false, true, false, true);

    public static final Style MPNET =
        new Style(13, Mask.ADDED, Positions.COUNTED, false, false, true);

    private Style(
        long opset,
        Mask mask,
        Positions positions,
        boolean tokenTypes,
        boolean wholeNorms,
        boolean relativeBias) {
      this(opset, mask, positions, tokenTypes, wholeNorms, relativeBias, false);
    }
  }

  /**
   * @param inner components between the products of a feed-forward
   */
  public record Size(int hidden, int heads, int inner) {
    static final Size SMALL = new Size(HIDDEN, HEADS, 32);

    /** With heads that the kernels for cards have. */
    public static final Size FOR_CARDS = new Size(64, 2, 96);
  }

  private final Style style;
  private final Size size;
  private final Random random = new Random(11);
  private final OnnxBuilder graph = new OnnxBuilder();
  private int last;

  private TestEncoder(Style style, Size size) {
    this.style = style;
    this.size = size;
    graph.opset(style.opset());
  }

  static ModelProto build(Style style) {
    return build(style, Size.SMALL);
  }

  public static ModelProto build(Style style, Size size) {
    return build(style, size, TestTail.TOKENS);
  }

  public static ModelProto build(Style style, Size size, TestTail tail) {
    return new TestEncoder(style, size).model(tail).build();
  }

  private OnnxBuilder model(TestTail tail) {
    graph.input("input_ids", DType.INT64, -1, -1).input("attention_mask", DType.INT64, -1, -1);
    if (style.tokenTypes()) {
      graph.input("token_type_ids", DType.INT64, -1, -1);
    }
    String hidden = embeddings();
    String mask = style.mask() == Mask.FILLED ? "" : addedMask();
    String bias = style.relativeBias() ? relativeBias() : "";
    for (int layer = 0; layer < LAYERS; layer++) {
      hidden = layer(hidden, mask, bias);
    }
    tail.add(this, hidden);
    return graph;
  }

  int hidden() {
    return size.hidden();
  }

  long opset() {
    return style.opset();
  }

  /** An output of the model. */
  void output(String name, String value, long... dims) {
    graph.output(name, DType.FP32, dims).node("Identity", List.of(value), List.of(name));
  }

  private String embeddings() {
    String sum = op("Gather", weights(VOCABULARY, size.hidden()), "input_ids");
    if (style.tokenTypes()) {
      sum = op("Add", sum, op("Gather", weights(2, size.hidden()), "token_type_ids"));
    }
    if (style.onlyType()) {
      String zeros = constant(new long[POSITIONS], 1, POSITIONS);
      String row = op("Slice", zeros, one(0), unsqueeze(size("input_ids", 1), 0), one(1), one(1));
      String ids = op("Expand", row, op("Shape", "input_ids"));
      sum = op("Add", sum, op("Gather", weights(1, size.hidden()), ids));
    }
    String table = weights(POSITIONS, size.hidden());
    return norm(op("Add", sum, op("Gather", table, positions())));
  }

  private String positions() {
    return switch (style.positions()) {
      case SLICED -> {
        String numbers = constant(LongStream.range(0, POSITIONS).toArray(), 1, POSITIONS);
        yield op("Slice", numbers, one(0), unsqueeze(size("input_ids", 1), 0), one(1), one(1));
      }
      case RANGE -> {
        String range = op("Range", number(0), size("input_ids", 1), number(1));
        String row = unsqueeze(range, 0);
        yield op("Expand", row, op("Shape", "input_ids"));
      }
      case COUNTED -> {
        String real = op("Not", op("Equal", "input_ids", number(1)));
        String ones = cast(real, DType.INT64);
        String count = op("CumSum", ones, number(1));
        yield op("Add", op("Mul", count, ones), number(1));
      }
    };
  }

  private String addedMask() {
    String wide = unsqueeze(unsqueeze("attention_mask", 1), 2);
    if (style.mask() == Mask.ADDED) {
      return op("Mul", op("Sub", number(1f), cast(wide, DType.FP32)), number(-10_000f));
    }
    String shape =
        concat(size("input_ids", 0), number(1), size("input_ids", 1), size("input_ids", 1));
    String known = constant(new long[] {-1, -1, -1, -1}, 4);
    String filled =
        op("Where", op("Equal", shape, known), constant(new long[] {1, 1, 1, 1}, 4), shape);
    String inverted = op("Sub", number(1f), cast(op("Expand", wide, filled), DType.FP32));
    return op("Where", cast(inverted, DType.BOOL), number(-Float.MAX_VALUE), inverted);
  }

  /** One value per head and pair of places, as from a table of distances. */
  private String relativeBias() {
    String row = op("Range", number(0), size("input_ids", 1), number(1));
    String distance = op("Abs", op("Sub", unsqueeze(row, 0), unsqueeze(row, 1)));
    String values = op("Gather", weights(POSITIONS, size.heads()), distance);
    return unsqueeze(op("Transpose", List.of(values), ints("perm", 2, 0, 1)), 0);
  }

  private String layer(String x, String mask, String bias) {
    String query = heads(dense(x, size.hidden(), size.hidden()), 0, 2, 1, 3);
    String value = heads(dense(x, size.hidden(), size.hidden()), 0, 2, 1, 3);
    double root = Math.sqrt((double) size.hidden() / size.heads());
    String scores =
        switch (style.mask()) {
          case ADDED -> {
            String key = heads(dense(x, size.hidden(), size.hidden()), 0, 2, 3, 1);
            String scaled = op("Div", op("MatMul", query, key), number((float) root));
            yield op("Add", bias.isEmpty() ? scaled : op("Add", scaled, bias), mask);
          }
          case STRETCHED -> {
            String key = heads(dense(x, size.hidden(), size.hidden()), 0, 2, 1, 3);
            String turned = op("Transpose", List.of(key), ints("perm", 0, 1, 3, 2));
            String scale = op("Sqrt", op("Div", number(1f), op("Sqrt", width(query))));
            String products = op("MatMul", op("Mul", query, scale), op("Mul", turned, scale));
            yield op("Add", products, mask);
          }
          case FILLED -> {
            String key = heads(dense(x, size.hidden(), size.hidden()), 0, 2, 3, 1);
            String products = op("MatMul", op("Div", query, number((float) root)), key);
            String hidden = op("Equal", "attention_mask", number(0));
            String wide =
                op(
                    "Reshape",
                    hidden,
                    concat(size("input_ids", 0), number(1), number(1), size("input_ids", 1)));
            yield op(
                "Where",
                op("Expand", wide, op("Shape", products)),
                number(-Float.MAX_VALUE),
                products);
          }
        };
    String weights = op("Softmax", List.of(scores), integer("axis", -1));
    String context =
        op("Transpose", List.of(op("MatMul", weights, value)), ints("perm", 0, 2, 1, 3));
    String joined =
        op("Reshape", context, concat(size(context, 0), size(context, 1), number(size.hidden())));
    String attended = norm(op("Add", dense(joined, size.hidden(), size.hidden()), x));
    String inner = gelu(dense(attended, size.hidden(), size.inner()));
    return norm(op("Add", dense(inner, size.inner(), size.hidden()), attended));
  }

  String dense(String x, int from, int to) {
    return op("Add", vector(to, 0.2), op("MatMul", x, weights(from, to)));
  }

  private String heads(String x, long... perm) {
    String shape =
        concat(size(x, 0), size(x, 1), number(size.heads()), number(size.hidden() / size.heads()));
    return op("Transpose", List.of(op("Reshape", x, shape)), ints("perm", perm));
  }

  /** The size of the last axis as a float, found out in the graph. */
  private String width(String x) {
    String shape = op("Shape", x);
    String last = op("Slice", shape, one(-1), one(Long.MAX_VALUE));
    return cast(last, DType.FP32);
  }

  private String norm(String x) {
    String gamma = vector(size.hidden(), 1);
    String beta = vector(size.hidden(), 0.3);
    if (style.wholeNorms()) {
      return op(
          "LayerNormalization",
          List.of(x, gamma, beta),
          integer("axis", -1),
          Attributes.real("epsilon", 1e-12f));
    }
    String centred = op("Sub", x, mean(x));
    String variance = mean(op("Pow", op("Sub", x, mean(x)), number(2f)));
    String deviation = op("Sqrt", op("Add", variance, number(1e-12f)));
    return op("Add", op("Mul", op("Div", centred, deviation), gamma), beta);
  }

  private String mean(String x) {
    return op("ReduceMean", List.of(x), ints("axes", -1));
  }

  String gelu(String x) {
    String phi = op("Add", op("Erf", op("Div", x, number((float) Math.sqrt(2)))), number(1f));
    return op("Mul", op("Mul", x, phi), number(0.5f));
  }

  private String size(String x, long axis) {
    return op("Gather", List.of(op("Shape", x), number(axis)), integer("axis", 0));
  }

  private String concat(String... numbers) {
    List<String> parts = new ArrayList<>();
    for (String number : numbers) {
      parts.add(unsqueeze(number, 0));
    }
    return op("Concat", parts, integer("axis", 0));
  }

  String unsqueeze(String x, long axis) {
    return style.opset() >= AXES_ARE_INPUTS
        ? op("Unsqueeze", x, one(axis))
        : op("Unsqueeze", List.of(x), ints("axes", axis));
  }

  String cast(String x, DType to) {
    return op("Cast", List.of(x), integer("to", ElementTypes.code(to)));
  }

  String op(String op, String... inputs) {
    return op(op, List.of(inputs));
  }

  String op(String op, List<String> inputs, AttributeProto... attributes) {
    String output = "/" + op + "_" + ++last;
    graph.node(op, inputs, List.of(output), attributes);
    return output;
  }

  String weights(int rows, int columns) {
    return floats(0, 1.4 / Math.sqrt(size.hidden()), rows, columns);
  }

  String vector(int size, double around) {
    return floats(around, 0.2, size);
  }

  private String floats(double mean, double deviation, long... shape) {
    float[] values = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(mean, deviation);
    }
    return constant(TensorValues.ofFloats(shape, values));
  }

  String number(float value) {
    return constant(TensorValues.ofFloats(new long[0], value));
  }

  String number(long value) {
    return constant(TensorValues.ofLongs(new long[0], value));
  }

  String one(long value) {
    return constant(new long[] {value}, 1);
  }

  String constant(long[] values, long... shape) {
    return constant(TensorValues.ofLongs(shape, values));
  }

  private String constant(Tensor tensor) {
    String name = "c" + ++last;
    graph.constant(name, tensor);
    return name;
  }
}
