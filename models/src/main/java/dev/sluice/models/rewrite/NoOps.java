// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.ValueInfos;
import dev.sluice.models.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Nodes that give back what they get are passed by. */
final class NoOps implements Rewrite {
  @Override
  public String name() {
    return "nodes without effect";
  }

  @Override
  public void apply(Work work) {
    for (OnnxNode node : work.graph().nodes()) {
      boolean kept = work.graph().isOutput(node.output(0)) || node.input(0).isEmpty();
      if (!kept
          && changesNothing(node, work)
          && work.graph().replaceUses(node.output(0), node.input(0))) {
        work.report().count(this);
      }
    }
  }

  private static boolean changesNothing(OnnxNode node, Work work) {
    if (!node.domain().isEmpty()) {
      return false;
    }
    String from = node.input(0);
    return switch (node.op()) {
      case "Identity" -> true;
      case "Dropout" -> isInference(node, work);
      case "Cast" -> {
        Optional<DType> to = ElementTypes.ofCode((int) node.integer("to", 0));
        yield to.isPresent() && to.equals(type(from, work));
      }
      case "Reshape", "Expand" -> work.facts().sameShape(from, node.output(0));
      case "Transpose" -> inOrder(node.integers("perm"));
      default -> false;
    };
  }

  /** Without its mask, and not told to be training. */
  private static boolean isInference(OnnxNode node, Work work) {
    boolean masked = !node.output(1).isEmpty() && !work.graph().consumers(node.output(1)).isEmpty();
    return !masked
        && !work.graph().isOutput(node.output(1))
        && node.input(2).isEmpty()
        && node.integer("is_test", 1) != 0;
  }

  private static boolean inOrder(List<Long> perm) {
    for (int axis = 0; axis < perm.size(); axis++) {
      if (perm.get(axis) != axis) {
        return false;
      }
    }
    return !perm.isEmpty();
  }

  /** Only where it is beyond doubt. */
  private static Optional<DType> type(String value, Work work) {
    Optional<OnnxNode> maker = work.graph().producer(value);
    if (maker.isPresent()) {
      return switch (maker.get().domain().isEmpty() ? maker.get().op() : "") {
        case "Shape" -> Optional.of(DType.INT64);
        case "Cast" -> ElementTypes.ofCode((int) maker.get().integer("to", 0));
        default -> Optional.empty();
      };
    }
    return work.graph().isInput(value)
        ? work.graph().stated(value).flatMap(ValueInfos::type)
        : work.facts().constant(value).map(tensor -> tensor.type());
  }
}
