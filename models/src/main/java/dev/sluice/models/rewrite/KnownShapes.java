// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Shapes that exporters let the graph compute anew in every run, though they are known beforehand,
 * become constants: whole, or as what Reshape can be told without knowing sizes that vary.
 */
final class KnownShapes implements Rewrite {
  @Override
  public String name() {
    return "computed shapes";
  }

  @Override
  public void apply(Work work) {
    for (OnnxNode node : work.graph().nodes()) {
      if (node.outputs().size() == 1 && !work.graph().isOutput(node.output(0))) {
        work.facts()
            .integers(node.output(0))
            .ifPresent(
                elements -> {
                  work.graph().replace(node, tensor(elements, node.output(0), work.facts()));
                  work.report().count(this);
                });
      }
    }
    for (OnnxNode node : work.graph().nodes()) {
      if (node.is("Reshape") && work.facts().constant(node.input(1)).isEmpty()) {
        plain(node, work);
      }
    }
  }

  private static Tensor tensor(long[] elements, String value, Facts facts) {
    boolean scalar = facts.shape(value).filter(List::isEmpty).isPresent();
    return TensorValues.ofLongs(scalar ? new long[0] : new long[] {elements.length}, elements);
  }

  private void plain(OnnxNode reshape, Work work) {
    Optional<List<Dim>> input = work.facts().shape(reshape.input(0));
    Optional<List<Dim>> wanted = work.facts().contents(reshape.input(1));
    if (input.isEmpty() || wanted.isEmpty() || reshape.integer("allowzero", 0) != 0) {
      return;
    }
    Reshapes.plain(input.get(), wanted.get())
        .ifPresent(
            sizes -> {
              Tensor shape = TensorValues.ofLongs(new long[] {sizes.length}, sizes);
              String name = work.graph().addConstant(reshape.output(0) + "/shape", shape);
              work.graph()
                  .replace(
                      List.of(reshape),
                      OnnxNode.standard(
                          "Reshape", List.of(reshape.input(0), name), reshape.outputs()));
              work.report().count(this);
            });
  }
}
