// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.inference.ModelDynamicBatching;
import dev.sluice.proto.inference.ModelQueuePolicy;
import dev.sluice.proto.inference.ModelQueuePolicy.TimeoutAction;
import java.util.Map;
import java.util.OptionalInt;

/** The queues of {@code dynamic_batching}: one for each priority level, each with its policy. */
final class TritonQueues {
  /** As many as the batcher tells apart. */
  private static final int MAX_LEVELS = 64;

  private TritonQueues() {}

  static void check(ModelDynamicBatching batching) throws RefusedException {
    long levels = batching.getPriorityLevels();
    if (levels < 0 || levels > MAX_LEVELS) {
      throw refused("priority_levels must be from 0 to " + MAX_LEVELS);
    }
    long usual = batching.getDefaultPriorityLevel();
    if (levels == 0 ? usual != 0 : usual < 1 || usual > levels) {
      throw refused(
          "default_priority_level must be "
              + (levels == 0 ? "left out without priority_levels" : "from 1 to " + levels));
    }
    timeout(batching.getDefaultQueuePolicy());
    boolean delays = delays(batching.getDefaultQueuePolicy());
    for (Map.Entry<Long, ModelQueuePolicy> policy :
        batching.getPriorityQueuePolicyMap().entrySet()) {
      if (policy.getKey() < 1 || policy.getKey() > levels) {
        throw refused(
            "priority_queue_policy has the level "
                + Long.toUnsignedString(policy.getKey())
                + ", but priority_levels is "
                + levels);
      }
      timeout(policy.getValue());
      delays |= delays(policy.getValue());
    }
    if (batching.getPreserveOrdering() && (levels > 1 || delays)) {
      throw refused(
          "preserve_ordering cannot be kept with "
              + (levels > 1 ? "priority_levels above 1" : "timeout_action: DELAY"));
    }
  }

  /**
   * What may wait over all levels: the sum of theirs, as there is one bound for a model; none where
   * a level has none. An unsigned number that does not fit is as good as no bound.
   */
  static OptionalInt maxRows(ModelDynamicBatching batching) {
    long sum = 0;
    for (long level = 1; level <= Math.max(1, batching.getPriorityLevels()); level++) {
      int size =
          batching
              .getPriorityQueuePolicyMap()
              .getOrDefault(level, batching.getDefaultQueuePolicy())
              .getMaxQueueSize();
      if (size <= 0) {
        return OptionalInt.empty();
      }
      sum += size;
    }
    return OptionalInt.of((int) Math.min(Integer.MAX_VALUE, sum));
  }

  private static boolean delays(ModelQueuePolicy policy) {
    return policy.getTimeoutAction() == TimeoutAction.DELAY;
  }

  private static void timeout(ModelQueuePolicy policy) throws RefusedException {
    long micros = policy.getDefaultTimeoutMicroseconds();
    if (micros < 0 || micros > TritonSettings.MAX_MICROS) {
      throw refused(
          "default_timeout_microseconds must be at most a day, " + TritonSettings.MAX_MICROS);
    }
  }

  private static RefusedException refused(String why) {
    return new RefusedException("config.pbtxt: dynamic_batching: " + why);
  }
}
