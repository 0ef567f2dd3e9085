// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelDynamicBatching;
import dev.sluice.proto.inference.ModelInstanceGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What a {@code config.pbtxt} says about batching, queueing and devices, in Sluice's terms. */
final class TritonSettings {
  private static final int MAX_LANES = 1024;
  static final long MAX_MICROS = Duration.ofDays(1).toNanos() / 1000;

  private TritonSettings() {}

  static ModelSettings of(ModelConfig config) throws RefusedException {
    ModelDynamicBatching batching = config.getDynamicBatching();
    return new ModelSettings(
        device(config),
        lanes(config),
        positive(config.getMaxBatchSize()),
        OptionalLong.empty(),
        micros("max_queue_delay_microseconds", batching.getMaxQueueDelayMicroseconds()),
        TritonQueues.maxRows(batching),
        micros(
            "default_timeout_microseconds",
            batching.getDefaultQueuePolicy().getDefaultTimeoutMicroseconds()),
        forming(batching));
  }

  /** Triton takes preferred sizes in any order. */
  private static FormingSettings forming(ModelDynamicBatching batching) {
    FormingSettings none = FormingSettings.DEFAULT;
    return new FormingSettings(
        batching.getPreferredBatchSizeList().stream().distinct().sorted().toList(),
        batching.getPreserveOrdering(),
        none.maxBatchBytes(),
        none.targetWait(),
        none.tenantWeights(),
        none.maxTenantShare());
  }

  private static OptionalInt positive(int value) {
    return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
  }

  private static Duration micros(String key, long value) throws RefusedException {
    if (value < 0 || value > MAX_MICROS) {
      throw new RefusedException("config.pbtxt: " + key + " must be at most a day, " + MAX_MICROS);
    }
    return Duration.ofNanos(value * 1000);
  }

  private static OptionalInt lanes(ModelConfig config) throws RefusedException {
    if (config.getInstanceGroupCount() == 0) {
      return OptionalInt.empty();
    }
    int lanes = 0;
    for (ModelInstanceGroup group : config.getInstanceGroupList()) {
      int count = group.getCount() == 0 ? 1 : group.getCount();
      if (count < 0 || count > MAX_LANES) {
        throw new RefusedException(
            "config.pbtxt: instance_group: count must be from 1 to " + MAX_LANES);
      }
      lanes = Math.min(MAX_LANES, lanes + count);
    }
    return OptionalInt.of(lanes);
  }

  private static DeviceChoice device(ModelConfig config) throws RefusedException {
    Set<DeviceChoice> choices = new HashSet<>();
    for (ModelInstanceGroup group : config.getInstanceGroupList()) {
      if (group.getGpusList().stream().anyMatch(gpu -> gpu < 0 || gpu > 999)) {
        throw new RefusedException("config.pbtxt: instance_group: gpus must be from 0 to 999");
      }
      switch (group.getKind()) {
        case KIND_CPU -> choices.add(DeviceChoice.CPU);
        case KIND_GPU -> {
          group.getGpusList().forEach(gpu -> choices.add(new DeviceChoice.Gpu(gpu)));
          if (group.getGpusCount() == 0) {
            choices.add(new DeviceChoice.Gpu(0));
          }
        }
        case KIND_AUTO, KIND_MODEL, UNRECOGNIZED -> {
          group.getGpusList().forEach(gpu -> choices.add(new DeviceChoice.Gpu(gpu)));
          if (group.getGpusCount() == 0) {
            choices.add(DeviceChoice.AUTO);
          }
        }
      }
    }
    if (choices.size() > 1) {
      throw new RefusedException(
          "config.pbtxt: instance_group names several devices; a model runs on one, so name one"
              + " kind and at most one of gpus");
    }
    return choices.isEmpty() ? DeviceChoice.AUTO : choices.iterator().next();
  }
}
