// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.testing.OnnxBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One model before and after one rewrite. */
record Rewriting(OnnxModel before, OnnxModel after, RewriteReport report) {

  static Rewriting of(Rewrite rewrite, OnnxBuilder builder) throws Exception {
    OnnxModel before = OnnxModel.of(builder.build());
    before.graph().removeDead();
    OnnxModel after = before.copy();
    RewriteReport.Builder report = new RewriteReport.Builder();
    rewrite.apply(Work.of(after, report));
    after.graph().removeDead();
    return new Rewriting(before, after, report.build());
  }

  /** What is left, in order. */
  List<String> ops() {
    return after.graph().nodes().stream().map(OnnxNode::op).toList();
  }

  OnnxNode only(String op) {
    List<OnnxNode> found = after.graph().nodes().stream().filter(n -> n.op().equals(op)).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  void assertUntouched() {
    assertThat(report.done()).isEmpty();
    assertThat(after.toProto()).isEqualTo(before.toProto());
  }

  /** For float inputs, in which axes without a size get this one. */
  Rewriting assertSame(long free) throws Exception {
    float[] expected = TensorValues.floats(Runs.run(before, specs -> random(specs, free)));
    float[] actual = TensorValues.floats(Runs.run(after, specs -> random(specs, free)));
    assertThat(actual).containsExactly(expected, within(1e-5f));
    return this;
  }

  private static List<Tensor> random(List<TensorSpec> specs, long free) {
    Random random = new Random(3);
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : specs) {
      long[] shape = spec.dims().stream().mapToLong(dim -> dim < 0 ? free : dim).toArray();
      float[] values = new float[(int) Tensor.elements(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.add(TensorValues.ofFloats(shape, values));
    }
    return inputs;
  }
}
