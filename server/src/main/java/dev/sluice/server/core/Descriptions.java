// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** What clients are told of a version. */
final class Descriptions {
  private Descriptions() {}

  static ModelDescription of(
      VersionVariants version, NavigableMap<Long, VersionVariants> versions) {
    List<String> ready = versions.keySet().stream().map(String::valueOf).toList();
    return switch (version.own()) {
      case Deployment.Tensors tensors ->
          describe(
              version,
              ready,
              tensors.model().inputs(),
              tensors.model().outputs(),
              tensors.labels());
      case Deployment.Embedding embedding ->
          describe(
              version,
              ready,
              List.of(new TensorSpec(TextInfer.INPUT, DType.BYTES, List.of(-1L, 1L))),
              List.of(
                  new TensorSpec(
                      TextInfer.OUTPUT,
                      DType.FP32,
                      List.of(-1L, (long) embedding.model().dimensions()))),
              Map.of());
    };
  }

  private static ModelDescription describe(
      VersionVariants version,
      List<String> ready,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      Map<String, List<String>> labels) {
    Deployment deployment = version.own();
    return new ModelDescription(
        deployment.name(),
        deployment.version(),
        ready,
        deployment.spec().engine().platform(),
        inputs,
        outputs,
        deployment.spec().config(),
        labels,
        version.statuses());
  }
}
