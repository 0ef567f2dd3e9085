// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.proto.inference.InferBatchStatistics;
import dev.sluice.proto.inference.InferStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.ModelStatisticsResponse;
import dev.sluice.proto.inference.StatisticDuration;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatistics;

/** ModelStatistics: rows are counted as inferences, model runs as executions. */
public final class StatisticsRpc {
  private final Catalog catalog;

  public StatisticsRpc(Catalog catalog) {
    this.catalog = catalog;
  }

  public ModelStatisticsResponse statistics(ModelStatisticsRequest request) {
    if (request.getName().isEmpty() && !request.getVersion().isEmpty()) {
      throw Refusals.invalid("version", "needs the name of a model beside it");
    }
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    for (ModelStatistics model : catalog.statistics(request.getName(), request.getVersion())) {
      response.addModelStats(message(model));
    }
    return response.build();
  }

  private static dev.sluice.proto.inference.ModelStatistics message(ModelStatistics model) {
    dev.sluice.proto.inference.ModelStatistics.Builder message =
        dev.sluice.proto.inference.ModelStatistics.newBuilder()
            .setName(model.name())
            .setVersion(model.version())
            .setLastInference(model.lastInferenceMillis())
            .setInferenceCount(model.rows())
            .setExecutionCount(model.runs())
            .setInferenceStats(stages(model));
    for (ModelStatistics.Batch batch : model.batches()) {
      message.addBatchStats(
          InferBatchStatistics.newBuilder()
              .setBatchSize(batch.rows())
              .setComputeInfer(sum(batch.compute())));
    }
    return message.build();
  }

  /** Every part is set, the cache's too, as there are clients that fail on a missing one. */
  private static InferStatistics stages(ModelStatistics model) {
    return InferStatistics.newBuilder()
        .setSuccess(sum(model.success()))
        .setFail(sum(model.fail()))
        .setQueue(sum(model.queue()))
        .setComputeInput(sum(model.computeInput()))
        .setComputeInfer(sum(model.compute()))
        .setComputeOutput(sum(model.computeOutput()))
        .setCacheHit(StatisticDuration.getDefaultInstance())
        .setCacheMiss(StatisticDuration.getDefaultInstance())
        .build();
  }

  private static StatisticDuration sum(ModelStatistics.Sum sum) {
    return StatisticDuration.newBuilder().setCount(sum.count()).setNs(sum.nanos()).build();
  }
}
