// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.Item;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.inference.ModelDynamicBatching;
import dev.sluice.proto.inference.ModelQueuePolicy;
import dev.sluice.proto.inference.ModelQueuePolicy.TimeoutAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code dynamic_batching} of a {@code config.pbtxt} says about the order in which
 * requests are served and about how long they may wait.
 *
 * <p>Where it has priority levels, the parameter {@code priority} names one and says nothing about
 * criticality. Where the level has a timeout, that one counts from arrival, and the parameter
 * {@code timeout} only shortens it, and only if the policy allows; where it has none, {@code
 * timeout} is a deadline.
 *
 * @param levels 0 for none
 * @param defaultLevel for requests without a level, or with one that is not there
 * @param usual the policy of every level that is not in {@code byLevel}
 */
record QueuePolicies(int levels, int defaultLevel, Policy usual, Map<Integer, Policy> byLevel) {
  static final QueuePolicies NONE = new QueuePolicies(0, 0, new Policy(0, false, false), Map.of());

  QueuePolicies {
    byLevel = Map.copyOf(byLevel);
  }

  /** Of a configuration that was checked when it was read. */
  static QueuePolicies of(ModelSpec spec) {
    ModelDynamicBatching batching = spec.config().getDynamicBatching();
    Map<Integer, Policy> byLevel = new HashMap<>();
    batching
        .getPriorityQueuePolicyMap()
        .forEach((level, policy) -> byLevel.put(Math.toIntExact(level), Policy.of(policy)));
    Policy usual = Policy.of(batching.getDefaultQueuePolicy());
    if (usual.timeoutNanos > 0) { // model.yaml may have replaced the number
      long nanos = spec.settings().queueTimeout().toNanos();
      usual = new Policy(nanos, usual.delays, usual.overridable);
    }
    return new QueuePolicies(
        Math.toIntExact(batching.getPriorityLevels()),
        Math.toIntExact(batching.getDefaultPriorityLevel()),
        usual,
        byLevel);
  }

  /** The call as the batcher is to have it. */
  <T> Call<T> call(
      List<Item<T>> items, CallContext said, Deployment deployment, Deadlines deadlines) {
    CallContext.Queueing own = said.queueing();
    int level = level(own);
    Policy policy = byLevel.getOrDefault(level, usual);
    Criticality criticality = own != null && levels > 0 ? own.criticality() : said.criticality();
    boolean timed = policy.timeoutNanos > 0;
    long deadline =
        deadlines.effective(
            own != null && timed ? own.deadlineNanos() : said.deadlineNanos(), deployment);
    long demote = Call.NO_DEADLINE;
    if (timed) {
      long until = said.arrivedNanos() + policy.wait(own);
      if (policy.delays) {
        demote = until;
      } else if (until - deadline < 0) {
        deadline = until;
      }
    }
    return new Call<>(items, deadline, criticality, Math.max(0, level - 1), demote, said.tenant());
  }

  private int level(CallContext.@Nullable Queueing own) {
    int asked = own == null ? 0 : own.priority();
    return asked >= 1 && asked <= levels ? asked : defaultLevel;
  }

  /**
   * @param timeoutNanos 0 for none
   * @param delays whether a request whose time is over goes behind the others, and is not refused
   * @param overridable whether requests may shorten the time
   */
  record Policy(long timeoutNanos, boolean delays, boolean overridable) {
    private static Policy of(ModelQueuePolicy policy) {
      return new Policy(
          TimeUnit.MICROSECONDS.toNanos(policy.getDefaultTimeoutMicroseconds()),
          policy.getTimeoutAction() == TimeoutAction.DELAY,
          policy.getAllowTimeoutOverride());
    }

    private long wait(CallContext.@Nullable Queueing own) {
      return overridable && own != null && own.timeoutNanos() > 0
          ? Math.min(timeoutNanos, own.timeoutNanos())
          : timeoutNanos;
    }
  }
}
