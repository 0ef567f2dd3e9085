// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.rewrite.Pattern.add;
import static dev.sluice.models.rewrite.Pattern.named;
import static dev.sluice.models.rewrite.Pattern.op;
import static dev.sluice.models.rewrite.Pattern.value;
import static dev.sluice.models.rewrite.Pattern.vector;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several products of one tensor with weights, such as of Q, K and V, become one wider product. */
final class MergedProjections implements Rewrite {
  private static final long SIZES_ARE_INPUTS = 13;
  private static final Pattern BIASED =
      add(named("product", op("MatMul", value("x"), value("weight"))), vector("bias"));

  /** A product with its bias; all with the same key can become one. */
  private record Projection(OnnxNode add, OnnxNode product, Tensor weight, Tensor bias) {}

  private record Key(String x, Object type, long inner) {}

  @Override
  public String name() {
    return "merged projections";
  }

  @Override
  public void apply(Work work) {
    Map<Key, List<Projection>> groups = new LinkedHashMap<>();
    Matcher matcher = new Matcher(work.facts());
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Add")) {
        matcher
            .match(BIASED, node.output(0))
            .ifPresent(match -> collect(node, match, groups, work));
      }
    }
    groups.forEach(
        (key, group) -> {
          if (group.size() > 1) {
            merge(key.x(), group, work);
          }
        });
  }

  private static void collect(
      OnnxNode add, Matcher.Match match, Map<Key, List<Projection>> groups, Work work) {
    String product = match.value("product");
    Tensor bias = work.facts().constant(match.value("bias")).orElseThrow();
    work.facts()
        .constant(match.value("weight"))
        .filter(w -> w.rank() == 2 && w.type() == bias.type() && w.dim(1) == bias.dim(0))
        .filter(w -> work.graph().readOnce(product))
        .ifPresent(
            weight ->
                groups
                    .computeIfAbsent(
                        new Key(match.value("x"), weight.type(), weight.dim(0)),
                        key -> new ArrayList<>())
                    .add(
                        new Projection(
                            add, work.graph().producer(product).orElseThrow(), weight, bias)));
  }

  private void merge(String x, List<Projection> group, Work work) {
    String hint = x + "/projections";
    String weight =
        work.graph()
            .addConstant(
                hint + "/weight",
                Joins.alongLastAxis(group.stream().map(Projection::weight).toList()));
    String bias =
        work.graph()
            .addConstant(
                hint + "/bias", Joins.alongLastAxis(group.stream().map(Projection::bias).toList()));
    String product = work.graph().fresh(hint + "/MatMul");
    String sum = work.graph().fresh(hint + "/Add");
    List<OnnxNode> old = new ArrayList<>();
    group.forEach(part -> old.addAll(List.of(part.add(), part.product())));
    work.graph()
        .replace(
            old,
            OnnxNode.standard("MatMul", List.of(x, weight), List.of(product)),
            OnnxNode.standard("Add", List.of(product, bias), List.of(sum)),
            split(sum, group, work));
    work.report().count(this);
  }

  private static OnnxNode split(String sum, List<Projection> group, Work work) {
    List<String> outputs = group.stream().map(part -> part.add().output(0)).toList();
    long[] sizes = group.stream().mapToLong(part -> part.bias().dim(0)).toArray();
    if (work.model().opset() < SIZES_ARE_INPUTS) {
      return OnnxNode.standard(
          "Split",
          List.of(sum),
          outputs,
          Attributes.integer("axis", -1),
          Attributes.integers("split", sizes));
    }
    String where = new Emit(work.model(), sum).longs(sizes);
    return OnnxNode.standard("Split", List.of(sum, where), outputs, Attributes.integer("axis", -1));
  }
}
