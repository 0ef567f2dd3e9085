// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.NanoClock;
import java.util.ArrayList;
import java.util.List;
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
    public Options {
      trace = List.copyOf(trace);
      if (!(scale >= 0.01 && scale <= 100)) {
        throw new IllegalArgumentException("the scale is 0.01 to 100, not " + scale);
      }
    }
  }

  /**
   * @param progress hears a line for each case that is done
   * @throws IllegalArgumentException for a malformed trace, with the number of the line
   */
  public static SchedulingReport run(Options options, Consumer<String> progress) {
    return new SchedulingComparison(options, progress).run();
  }

  private SchedulingReport run() {
    Workload trace =
        options.trace().isEmpty()
            ? null
            : Workload.parse(options.trace(), ServerKind.GPU.sloNanos());
    if (trace != null) {
      for (Policy policy : Policy.values()) {
        add(ServerKind.GPU, "trace", 0, policy, trace);
      }
    }
    for (ServerKind server : List.of(ServerKind.GPU, ServerKind.CPU)) {
      for (Mix mix : Mix.values()) {
        for (int load : LOADS) {
          Workload workload = workload(server, mix, load);
          for (Policy policy : Policy.values()) {
            add(server, mix.title(), load, policy, workload);
          }
        }
      }
    }
    for (int load : OVERLOADS) {
      Workload workload = workload(ServerKind.GPU, Mix.MIXED, load);
      add(ServerKind.GPU, Mix.MIXED.title(), load, Policy.SLUICE, workload);
    }
    progress.accept("measuring what the scheduler costs for each item");
    double nanosPerItem = new ItemCost(options.clock()).nanos();
    return new SchedulingReport(rows, nanosPerItem);
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

  private void add(ServerKind server, String mix, int load, Policy policy, Workload workload) {
    VirtualTime time = new VirtualTime(0);
    Simulation simulation =
        new Simulation(
            time,
            workload,
            policy.scheduler(time, server),
            server.lanes(),
            server.service(),
            new SplittableRandom(options.seed()));
    rows.add(new SchedulingRow(server.name(), mix, load, policy, simulation.run()));
    if (policy == Policy.values()[Policy.values().length - 1] || load > 200) {
      progress.accept(
          "%s, %s lengths%s"
              .formatted(server.name(), mix, load == 0 ? "" : ", " + load + " % load"));
    }
  }
}
