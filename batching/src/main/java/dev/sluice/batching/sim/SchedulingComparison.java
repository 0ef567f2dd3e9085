// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.NanoClock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The batcher and the policies of other servers side by side: the same arrivals, the same lanes, in
 * virtual time. All but the cost per item, which is measured, comes out the same each time.
 *
 * <p>The load is relative to what lanes could do if every batch were full and of one length, which
 * no policy has a say in and none can reach with mixed lengths.
 */
public final class SchedulingComparison {
  private static final int[] LOADS = {50, 80, 95, 120, 200};
  private static final int[] OVERLOADS = {500, 1000};

  private final Options options;
  private final Consumer<String> progress;
  private final List<SchedulingRow> rows = new ArrayList<>();

  private SchedulingComparison(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * What to compare.
   *
   * @param seed of the arrivals, the lengths and the noise
   * @param scale of the virtual time that each case runs for; 1 is enough to settle
   * @param trace lines {@code time length [deadline]}, in seconds and tokens, to compare on as
   *     well; empty for none
   * @param clock what the cost per item is measured on
   */
  public record Options(long seed, double scale, List<String> trace, NanoClock clock) {
    /**
     * @throws IllegalArgumentException for a malformed trace, with the number of the line, and for
     *     a scale that would show nothing or never end
     */
    public Options {
      trace = List.copyOf(trace);
      if (!(scale >= 0.01 && scale <= 100)) {
        throw new IllegalArgumentException("the scale is 0.01 to 100, not " + scale);
      }
      if (!trace.isEmpty()) {
        Workload.parse(trace, ServerKind.GPU.sloNanos());
      }
    }
  }

  /**
   * @param progress hears a line for each case before it is run
   */
  public static SchedulingReport run(Options options, Consumer<String> progress) {
    return new SchedulingComparison(options, progress).run();
  }

  private SchedulingReport run() {
    if (!options.trace().isEmpty()) {
      Workload trace = Workload.parse(options.trace(), ServerKind.GPU.sloNanos());
      compare(ServerKind.GPU, "trace", 0, trace, EnumSet.allOf(Policy.class));
    }
    for (ServerKind server : List.of(ServerKind.GPU, ServerKind.CPU)) {
      for (Mix mix : Mix.values()) {
        for (int load : LOADS) {
          compare(server, mix, load, EnumSet.allOf(Policy.class));
        }
      }
    }
    for (int load : OVERLOADS) {
      compare(ServerKind.GPU, Mix.MIXED, load, EnumSet.of(Policy.SLUICE));
    }
    progress.accept("what the scheduler costs for each item");
    double nanosPerItem = new ItemCost(options.clock()).nanos();
    return new SchedulingReport(rows, nanosPerItem);
  }

  private void compare(ServerKind server, Mix mix, int load, Set<Policy> policies) {
    compare(server, mix.title(), load, workload(server, mix, load), policies);
  }

  private void compare(
      ServerKind server, String mix, int load, Workload workload, Set<Policy> policies) {
    progress.accept(
        "%s, %s lengths%s".formatted(server.name(), mix, load == 0 ? "" : ", " + load + " % load"));
    for (Policy policy : policies) {
      rows.add(new SchedulingRow(server.name(), mix, load, policy, run(server, workload, policy)));
    }
  }

  private Workload workload(ServerKind server, Mix mix, int load) {
    double perSecond = server.capacityPerSecond(mix.lengths()) * load / 100;
    int count = (int) Math.max(100, perSecond * server.seconds() * options.scale());
    return Workload.draw(
        new SplittableRandom(options.seed()),
        count,
        Arrivals.poisson(perSecond),
        mix.lengths(),
        server.sloNanos());
  }

  private Outcome run(ServerKind server, Workload workload, Policy policy) {
    VirtualTime time = new VirtualTime(0);
    return new Simulation(
            time,
            workload,
            policy.scheduler(time, server),
            server.lanes(),
            server.service(),
            new SplittableRandom(options.seed()))
        .run();
  }
}
