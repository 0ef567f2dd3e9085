// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.spec.TextSpec.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites models so that they run faster and compute the same, up to rounding. Made for encoders
 * like BERT; of any other model only what is sure to be the same is changed, which may be nothing.
 */
public final class EncoderRewrite {
  /** Each may make work for the others, but exports that need more rounds have not been seen. */
  private static final int MAX_ROUNDS = 8;

  private static final List<Rewrite> TIDYING =
      List.of(new NoOps(), new Folding(), new KnownShapes(), new Twins());
  private static final List<Rewrite> BLOCKS =
      List.of(
          new Attentions(), new LayerNorms(), new Gelus(), new SkipLayerNorms(), new BiasGelus());

  private EncoderRewrite() {}

  /**
   * @param model the rewritten one
   * @param pooled whether vectors leave it as the goal has them; false also where it wants none
   * @param report what was done to it
   */
  public record Rewritten(OnnxModel model, boolean pooled, RewriteReport report) {}

  /**
   * A rewritten copy.
   *
   * @throws EngineException when the goal wants more components than the model's vectors have
   */
  public static Rewritten apply(OnnxModel model, RewriteGoal goal) throws EngineException {
    OnnxModel copy = model.copy();
    RewriteReport.Builder report = new RewriteReport.Builder();
    tidy(copy, report);
    for (Rewrite rewrite : BLOCKS) {
      rewrite.apply(Work.of(copy, report));
      copy.graph().removeDead();
    }
    boolean pooled = goal.pooling() != Pooling.NONE && pool(copy, goal, report);
    return new Rewritten(copy, pooled, report.build());
  }

  private static boolean pool(OnnxModel model, RewriteGoal goal, RewriteReport.Builder report)
      throws EngineException {
    Optional<String> lacking = PooledOutput.put(model, goal);
    lacking.ifPresent(what -> report.left("pooling is left outside: the model has " + what));
    return lacking.isEmpty();
  }

  /** Until there is nothing left to do. */
  private static void tidy(OnnxModel model, RewriteReport.Builder report) throws EngineException {
    int before = -1;
    for (int round = 0; round < MAX_ROUNDS && report.total() != before; round++) {
      before = report.total();
      for (Rewrite rewrite : TIDYING) {
        rewrite.apply(Work.of(model, report));
      }
      model.graph().removeDead();
    }
  }
}
