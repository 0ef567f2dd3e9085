// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxModel;

/**
 * One rewrite at work on one model.
 *
 * @param facts as they were before the rewrite; of values that it makes nothing is known
 */
record Work(OnnxModel model, RewriteReport.Builder report, Facts facts) {

  static Work of(OnnxModel model, RewriteReport.Builder report) {
    return new Work(model, report, Facts.of(model));
  }

  OnnxGraph graph() {
    return model.graph();
  }
}
