// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.tensor.DType;
import dev.sluice.proto.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A block of attention becomes one node. */
final class Attentions implements Rewrite {
  @Override
  public String name() {
    return "MultiHeadAttention";
  }

  @Override
  public void apply(Work work) {
    PaddingMasks masks = new PaddingMasks(work.graph(), work.facts());
    AttentionBlock.Finder finder = new AttentionBlock.Finder(work.graph(), work.facts(), masks);
    String mask = "";
    for (OnnxNode softmax : work.graph().nodes()) {
      if (!softmax.is("Softmax")) {
        continue;
      }
      try {
        OnnxNode result = result(softmax, work);
        AttentionBlock block = finder.find(softmax, result);
        if (mask.isEmpty() && block.filler().isPresent()) {
          mask = new Emit(work.model(), "attention").cast(PaddingMasks.MASK, DType.INT32);
        }
        work.graph().replace(List.of(result), fused(block, result, mask));
        work.report().count(this);
      } catch (AttentionBlock.MismatchException e) {
        work.report().left("the attention at " + softmax.output(0) + ": " + e.getMessage());
      }
    }
  }

  /** The Reshape that puts the heads together again. */
  private static OnnxNode result(OnnxNode softmax, Work work)
      throws AttentionBlock.MismatchException {
    OnnxNode node = softmax;
    for (String op : List.of("MatMul", "Transpose", "Reshape")) {
      List<OnnxNode> readers = work.graph().consumers(node.output(0));
      Optional<OnnxNode> next = readers.stream().filter(reader -> reader.is(op)).findFirst();
      if (readers.size() != 1 || next.isEmpty() || !next.get().input(0).equals(node.output(0))) {
        throw new AttentionBlock.MismatchException("behind it comes no " + op + " alone");
      }
      node = next.get();
    }
    return node;
  }

  private static OnnxNode fused(AttentionBlock block, OnnxNode result, String mask) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attributes.integer("num_heads", block.heads()));
    attributes.add(Attributes.real("scale", block.scale()));
    block
        .filler()
        .ifPresent(
            filler ->
                attributes.add(
                    Attributes.real("mask_filter_value", Math.max(filler, -Float.MAX_VALUE))));
    return OnnxNode.microsoft(
        "MultiHeadAttention",
        List.of(
            block.query(),
            block.key(),
            block.value(),
            "",
            block.filler().isPresent() ? mask : "",
            block.bias()),
        result.outputs(),
        attributes.toArray(AttributeProto[]::new));
  }
}
