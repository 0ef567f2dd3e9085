// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producers, cancellers, lanes and the timer on real threads, all at once. */
@Timeout(60)
class ManyThreadsTest {
  private static final int PRODUCERS = 8;
  private static final int CALLS_EACH = 2_000;
  private static final BatchLimits LIMITS = new BatchLimits(16, 400, Duration.ZERO);

  private static final List<Criticality> CRITICALITIES = List.of(Criticality.values());

  /** Moves on a little with each reading. */
  private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 1_000_000);

  private final AtomicInteger tooLargeBatches = new AtomicInteger();
  private final AtomicInteger rowsOverLimit = new AtomicInteger();

  @Test
  void every_call_is_answered_exactly_once_and_no_bound_is_exceeded() throws Exception {
    Queue<Submitted> all = new ConcurrentLinkedQueue<>();
    BatchRunner<String, String> runner = this::run;
    try (ThreadTimer timer = new ThreadTimer(Thread.ofPlatform().name("timer").factory());
        DynamicBatcher<String, String> batcher =
            DynamicBatcher.builder(List.of(runner, runner, runner), this::now, timer)
                .batchLimits(LIMITS)
                .queueLimits(new QueueLimits(300, 20_000, 1_000))
                .build()) {
      List<Thread> producers = new ArrayList<>();
      for (int seed = 0; seed < PRODUCERS; seed++) {
        Random random = new Random(seed);
        producers.add(Thread.ofPlatform().start(() -> produce(batcher, random, all)));
      }
      for (Thread producer : producers) {
        producer.join();
      }
      batcher.stopAccepting();
      assertThat(batcher.awaitIdle(Duration.ofSeconds(50))).isTrue();
      assertThat(batcher.load().waitingRows()).isZero();
    }
    assertThat(all).hasSize(PRODUCERS * CALLS_EACH).allSatisfy(ManyThreadsTest::assertAnswered);
    assertThat(tooLargeBatches).hasValue(0);
    assertThat(rowsOverLimit).hasValue(0);
    assertThat(all).anyMatch(submitted -> submitted.answer().only() instanceof List);
  }

  private long now() {
    return ticks.addAndGet(500);
  }

  private List<String> run(List<String> payloads) {
    if (payloads.size() > LIMITS.maxRows()) {
      tooLargeBatches.incrementAndGet();
    }
    if (payloads.stream().anyMatch(payload -> payload.startsWith("bad"))) {
      throw new IllegalArgumentException("bad");
    }
    return payloads;
  }

  private void produce(Batcher<String, String> batcher, Random random, Queue<Submitted> all) {
    for (int i = 0; i < CALLS_EACH; i++) {
      List<Item<String>> items = new ArrayList<>();
      boolean bad = random.nextInt(200) == 0;
      for (int k = random.nextInt(6); k >= 0; k--) {
        items.add(item((bad ? "bad" : "n") + k, 1, 1 + random.nextInt(20)));
      }
      long deadline = random.nextInt(4) == 0 ? now() + random.nextInt(2_000_000) : Call.NO_DEADLINE;
      Criticality criticality = CRITICALITIES.get(random.nextInt(4));
      Call<String> call = new Call<>(items, deadline, criticality, "");
      Answer answer = new Answer();
      Ticket ticket = batcher.submit(call, answer);
      if (random.nextInt(5) == 0) {
        ticket.cancel();
      }
      if (batcher.load().waitingRows() > 300) {
        rowsOverLimit.incrementAndGet();
      }
      all.add(new Submitted(call, bad, answer));
    }
  }

  private static void assertAnswered(Submitted submitted) {
    Object told = submitted.answer().only();
    switch (told) {
      case List<?> results -> {
        assertThat(submitted.bad()).isFalse();
        assertThat(results)
            .isEqualTo(submitted.call().items().stream().map(Item::payload).toList());
      }
      case Failure.RunFailed failed -> assertThat(submitted.bad()).isTrue();
      case Failure failure ->
          assertThat(failure)
              .isInstanceOfAny(
                  Failure.QueueFull.class,
                  Failure.Expired.class,
                  Failure.Cancelled.class,
                  Failure.WouldBeLate.class,
                  Failure.Shed.class);
      default -> throw new AssertionError("told " + told);
    }
  }

  private record Submitted(Call<String> call, boolean bad, Answer answer) {}
}
