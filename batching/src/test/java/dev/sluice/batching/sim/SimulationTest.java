// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The simulator against worlds small enough to be worked by hand. */
class SimulationTest {
  /** 100 for a batch, 10 for a padded token, 1 for a row. */
  private static final ServiceModel SERVICE = new ServiceModel(100, 10, 1, 0);

  @Test
  void two_requests_on_one_lane_run_one_after_the_other() {
    // The first runs from 0 to 100 + 10 * 5 + 1; the second waits from 50 to 151, and ends at 302.
    Outcome outcome = fifo(1, request(0, 0, 5), request(1, 50, 5), request(2, 10_000, 1));
    assertThat(outcome.p50Millis()).isEqualTo(151e-6);
    assertThat(outcome.p99Millis()).isEqualTo(252e-6);
    assertThat(outcome.meanRows()).isEqualTo(1);
  }

  @Test
  void two_lanes_run_two_requests_at_a_time() {
    Outcome outcome = fifo(2, request(0, 0, 5), request(1, 50, 5), request(2, 10_000, 1));
    assertThat(outcome.p99Millis()).isEqualTo(151e-6);
  }

  @Test
  void a_batch_costs_its_longest_request_for_each_row() {
    VirtualTime time = new VirtualTime(0);
    Workload workload = new Workload(List.of(request(0, 0, 2), request(1, 0, 8), end()));
    Outcome outcome =
        new Simulation(time, workload, new SortWindow(1_000, 1_000), 1, SERVICE, random()).run();
    // The first request has the lane to itself, 100 + 20 + 1; then the other, 100 + 80 + 1.
    assertThat(outcome.p50Millis()).isEqualTo(121e-6);
    assertThat(outcome.p99Millis()).isEqualTo(302e-6);
    assertThat(SERVICE.nanos(2, 16, random())).isEqualTo(100 + 160 + 2);
  }

  @Test
  void goodput_counts_what_came_in_time() {
    Workload workload =
        new Workload(
            List.of(
                new Request(0, 0, 5, 151), new Request(1, 0, 5, 301), new Request(2, 1_000, 1, 1)));
    Outcome outcome = fifo(1, workload);
    // One of two answers within 1000 ns; the last request comes at the end and does not count.
    assertThat(outcome.goodput()).isEqualTo(1e6);
    assertThat(outcome.throughput()).isEqualTo(2e6);
  }

  @Test
  void capacity_is_that_of_full_batches_of_one_length() {
    // Of length 10 four rows fit, of length 40 one: (100 / 4 + 100 + 1 + 100 + 400 + 1) / 2 ns
    // each.
    assertThat(SERVICE.capacityPerSecond(2, 4, 40, new int[] {10, 40}))
        .isEqualTo(2 * 1e9 * 2 / (25 + 101 + 501));
  }

  @Test
  void the_clock_wraps_and_jumps() {
    VirtualTime time = new VirtualTime(Long.MAX_VALUE);
    List<Long> rang = new ArrayList<>();
    time.schedule(10, () -> rang.add(time.elapsedNanos()));
    time.schedule(20, () -> rang.add(time.elapsedNanos())).cancel();
    time.schedule(30, () -> rang.add(time.elapsedNanos()));
    time.jump(25);
    assertThat(time.nanoTime() - Long.MAX_VALUE).isEqualTo(25);
    while (time.step()) {
      assertThat(time.nanoTime()).isNegative();
    }
    assertThat(rang).containsExactly(25L, 30L);
    assertThat(time.pending()).isZero();
  }

  @Test
  void bursts_keep_the_mean_rate_and_leave_gaps() {
    Arrivals bursty = Arrivals.bursty(1_000, 4, 10e6);
    SplittableRandom random = random();
    long sum = 0;
    long longest = 0;
    for (int i = 0; i < 100_000; i++) {
      long gap = bursty.nextGapNanos(random);
      sum += gap;
      longest = Math.max(longest, gap);
    }
    assertThat(sum / 100_000.0).isBetween(0.95e6, 1.05e6);
    // Without bursts the longest of so many gaps is about ln(100,000), twelve times the mean.
    assertThat(longest).isGreaterThan(60_000_000L);
  }

  private static Outcome fifo(int lanes, Request... requests) {
    return fifo(lanes, new Workload(List.of(requests)));
  }

  private static Outcome fifo(int lanes, Workload workload) {
    VirtualTime time = new VirtualTime(0);
    Scheduler oneByOne = new SizeAndTimer(time, lanes, 1, 1_000, 0);
    return new Simulation(time, workload, oneByOne, lanes, SERVICE, random()).run();
  }

  private static SplittableRandom random() {
    return new SplittableRandom(1);
  }

  private static Request request(int number, long at, int tokens) {
    return new Request(number, at, tokens, 1_000_000);
  }

  /** Ends the time that counts. */
  private static Request end() {
    return request(2, 10_000, 1);
  }
}
