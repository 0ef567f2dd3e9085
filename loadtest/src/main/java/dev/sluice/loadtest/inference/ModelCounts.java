// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.InferBatchStatistics;
import dev.sluice.proto.inference.InferStatistics;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.proto.inference.ModelStatisticsResponse;
import dev.sluice.proto.inference.StatisticDuration;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a server has counted since it started, by Triton's {@code ModelStatistics}; all versions of
 * the model together, or all models.
 */
public final class ModelCounts {
  private static final int MOST_SIZES = 10_000;

  private final Map<String, Sum> stages = new LinkedHashMap<>();
  private final Map<Integer, Long> batches = new TreeMap<>();

  private record Sum(long count, long nanos) {
    static final Sum ZERO = new Sum(0, 0);

    Sum plus(Sum other) {
      return new Sum(count + other.count, nanos + other.nanos);
    }

    Sum minus(Sum other) {
      return new Sum(count - other.count, nanos - other.nanos);
    }
  }

  private ModelCounts() {}

  /**
   * @param model empty: all
   * @throws io.grpc.StatusRuntimeException if the server does not tell
   */
  public static ModelCounts ask(Channel channel, String model, Duration timeout) {
    ModelStatisticsResponse response =
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .modelStatistics(ModelStatisticsRequest.newBuilder().setName(model).build());
    ModelCounts counts = new ModelCounts();
    response.getModelStatsList().forEach(counts::add);
    return counts;
  }

  private void add(ModelStatistics model) {
    InferStatistics inference = model.getInferenceStats();
    add("request", inference.getSuccess());
    add("queue", inference.getQueue());
    add("compute input", inference.getComputeInput());
    add("compute infer", inference.getComputeInfer());
    add("compute output", inference.getComputeOutput());
    add("failed", inference.getFail());
    for (InferBatchStatistics batch : model.getBatchStatsList()) {
      boolean room = batches.size() < MOST_SIZES;
      if (room && batch.getBatchSize() > 0 && batch.getBatchSize() <= Integer.MAX_VALUE) {
        batches.merge((int) batch.getBatchSize(), batch.getComputeInfer().getCount(), Long::sum);
      }
    }
  }

  private void add(String stage, StatisticDuration duration) {
    stages.merge(stage, new Sum(duration.getCount(), duration.getNs()), Sum::plus);
  }

  /** What was counted since then; nothing of a stage that a restart has set back. */
  public ServerStatistics since(ModelCounts before) {
    List<ServerStatistics.Stage> measured = new ArrayList<>();
    stages.forEach(
        (name, now) -> {
          Sum since = now.minus(before.stages.getOrDefault(name, Sum.ZERO));
          if (since.count() > 0 && since.nanos() >= 0) {
            long mean = since.nanos() / since.count();
            measured.add(new ServerStatistics.Stage(name, since.count(), mean));
          }
        });
    Map<Integer, Long> sizes = new TreeMap<>();
    batches.forEach(
        (size, now) -> {
          long since = now - before.batches.getOrDefault(size, 0L);
          if (since > 0) {
            sizes.put(size, since);
          }
        });
    return new ServerStatistics(measured, sizes);
  }
}
