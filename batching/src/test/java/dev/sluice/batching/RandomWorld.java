// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batcher under random calls, cancels, faults and delays, with up to three lanes, stepped by one
 * thread in virtual time; beside it a plain account of what must be true, compared at every step.
 */
final class RandomWorld {
  private static final List<Criticality> CRITICALITIES = List.of(Criticality.values());
  private static final int STEPS = 150;

  private final Random random;
  private final BatchLimits batchLimits;
  private final QueueLimits queueLimits;
  private final VirtualTime time;
  private final BatchCore<Probe, Probe> core;
  private final IsolatingRunner<Probe, Probe> runner;
  private final List<@Nullable FormedBatch<Probe, Probe>> lanes = new ArrayList<>();
  private final List<TrackedCall> calls = new ArrayList<>();
  private final List<TrackedCall> open = new ArrayList<>();
  private final Set<Probe> launched = new HashSet<>();
  private final Set<Probe> started = new HashSet<>();
  private boolean closed;

  RandomWorld(long seed) {
    random = new Random(seed);
    Duration linger = Duration.ofNanos(random.nextBoolean() ? 0 : 30);
    batchLimits = new BatchLimits(1 + random.nextInt(8), 10 + random.nextInt(50), linger);
    queueLimits = new QueueLimits(20, 200, 1_000);
    time = new VirtualTime(random.nextBoolean() ? Long.MAX_VALUE - 500 : random.nextLong());
    for (int i = random.nextInt(3); i >= 0; i--) {
      lanes.add(null);
    }
    BatchRunner<Probe, Probe> unused = payloads -> payloads;
    DynamicBatcher.Builder<Probe, Probe> builder =
        DynamicBatcher.builder(Collections.nCopies(lanes.size(), unused), time, time)
            .batchLimits(batchLimits)
            .queueLimits(queueLimits)
            .ageing(Duration.ofNanos(100));
    core = (random.nextBoolean() ? builder.formEarly() : builder).core();
    runner = new IsolatingRunner<>(core, this::run, time, BatchObserver.NONE);
  }

  void play() {
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> submit();
        case 4, 5, 6 -> stepLane(random.nextInt(lanes.size()));
        case 7 -> cancelOne();
        default -> pass(random.nextInt(20));
      }
      compare();
    }
    if (random.nextInt(4) == 0) {
      closed = true;
      core.close();
    } else {
      core.stopAccepting();
    }
    finish();
  }

  private void finish() {
    boolean busy = true;
    while (busy) {
      for (int lane = 0; lane < lanes.size(); lane++) {
        stepLane(lane);
        compare();
      }
      busy = core.load().waitingCalls() > 0 || core.load().runningRows() > 0;
    }
    assertThat(core.load()).isEqualTo(new Batcher.Load(0, 0, 0, 0));
    time.advance(10_000);
    assertThat(time.scheduledTasks()).as("alarms left").isZero();
    calls.forEach(this::check);
  }

  private void submit() {
    int id = calls.size();
    List<Item<Probe>> items = new ArrayList<>();
    for (int i = random.nextInt(random.nextInt(5) == 0 ? 25 : 3); i >= 0; i--) {
      int rows = random.nextInt(6) == 0 ? 2 : 1;
      Probe probe = new Probe(id, items.size(), random.nextInt(25) == 0);
      items.add(new Item<>(probe, rows, 1 + random.nextInt(12), 1, random.nextInt(10) / 9));
    }
    boolean dated = random.nextInt(3) == 0;
    long deadline = dated ? time.nanoTime() + random.nextInt(120) : Call.NO_DEADLINE;
    Criticality criticality = CRITICALITIES.get(random.nextInt(CRITICALITIES.size()));
    TrackedCall call = new TrackedCall(new Call<>(items, deadline, criticality, ""));
    calls.add(call);
    open.add(call);
    call.ticket = core.submit(call.call, call);
  }

  private void cancelOne() {
    if (!calls.isEmpty()) {
      TrackedCall call = calls.get(Math.max(0, calls.size() - 1 - random.nextInt(10)));
      call.cancelled = true;
      call.ticket.cancel();
      assertThat(call.told).as("a cancelled call is answered").hasSize(1);
    }
  }

  private void pass(long nanos) {
    time.advance(nanos);
  }

  /** A busy lane runs what it holds; an idle one takes what is due. */
  private void stepLane(int lane) {
    FormedBatch<Probe, Probe> holds = lanes.get(lane);
    if (holds == null) {
      LaneTask<Probe, Probe> task = core.nextTask(lane);
      if (task instanceof FormedBatch<Probe, Probe> batch) {
        lanes.set(lane, batch);
        checkFormed(batch);
      } else if (task != null) {
        core.checked(lane, null);
      }
    } else {
      lanes.set(lane, null);
      runner.run(holds);
    }
  }

  private void checkFormed(FormedBatch<Probe, Probe> batch) {
    int rows = 0;
    long longest = 0;
    for (BatchItem<Probe, Probe> member : batch.members()) {
      Item<Probe> item = member.item();
      rows += item.rows();
      longest = Math.max(longest, item.tokens());
      assertThat(item.shapeKey()).isEqualTo(batch.members().get(0).item().shapeKey());
      assertThat(launched.add(item.payload())).as("launched once").isTrue();
      checkMayStart(item.payload());
    }
    assertThat(batch.members()).isNotEmpty();
    assertThat(rows).isEqualTo(batch.rows()).isLessThanOrEqualTo(batchLimits.maxRows());
    assertThat(rows * longest).isLessThanOrEqualTo(batchLimits.maxTokens());
  }

  private void checkMayStart(Probe probe) {
    TrackedCall call = calls.get(probe.call());
    assertThat(call.isExpired(time.nanoTime())).as("started in time: %s", probe).isFalse();
    assertThat(call.told).as("started while its call was open: %s", probe).isEmpty();
  }

  private List<Probe> run(List<Probe> payloads) {
    for (Probe probe : payloads) {
      if (!started.add(probe)) {
        checkMayStart(probe);
      }
    }
    pass(random.nextInt(15));
    if (random.nextInt(10) == 0) {
      cancelOne();
    }
    if (payloads.stream().anyMatch(Probe::bad)) {
      throw new IllegalStateException("bad");
    }
    return random.nextInt(60) == 0 && payloads.size() > 1 ? List.of() : payloads;
  }

  /** What the batcher says of itself is what has been seen of it. */
  private void compare() {
    int waitingCalls = 0;
    int rows = 0;
    long tokens = 0;
    open.removeIf(call -> !call.told.isEmpty());
    for (TrackedCall call : open) {
      boolean waits = false;
      for (Item<Probe> item : call.waiting(launched)) {
        waits = true;
        rows += item.rows();
        tokens += (long) item.rows() * item.tokens();
      }
      if (waits) {
        waitingCalls++;
        if (call.isExpired(time.nanoTime())) {
          throw new AssertionError("an expired call waits");
        }
      }
    }
    int running = 0;
    for (FormedBatch<Probe, Probe> batch : lanes) {
      running += batch == null ? 0 : batch.rows();
    }
    assertThat(core.load()).isEqualTo(new Batcher.Load(waitingCalls, rows, tokens, running));
    assertThat(rows).isLessThanOrEqualTo(queueLimits.maxRows());
    assertThat(tokens).isLessThanOrEqualTo(queueLimits.maxTokens());
  }

  private void check(TrackedCall call) {
    assertThat(call.told).as("answered exactly once").hasSize(1);
    List<Probe> payloads = call.call.items().stream().map(Item::payload).toList();
    boolean bad = payloads.stream().anyMatch(Probe::bad);
    switch (call.told.get(0)) {
      case List<?> results -> {
        assertThat(bad).isFalse();
        assertThat(results).isEqualTo(payloads);
      }
      case Failure.RunFailed failed -> assertThat(bad).isTrue();
      case Failure.Cancelled cancelled -> assertThat(call.cancelled).isTrue();
      case Failure.Expired expired ->
          assertThat(call.call.deadlineNanos()).isNotEqualTo(Call.NO_DEADLINE);
      case Failure.Closed c -> assertThat(closed).isTrue();
      case Failure.Shed shed -> {
        assertThat(call.call.criticality()).isGreaterThanOrEqualTo(Criticality.SHEDDABLE_PLUS);
        assertThat(payloads).doesNotContainAnyElementsOf(launched);
      }
      case Failure.WouldBeLate late ->
          assertThat(call.call.deadlineNanos()).isNotEqualTo(Call.NO_DEADLINE);
      case Failure.QueueFull full -> assertThat(payloads).doesNotContainAnyElementsOf(launched);
      case Failure.TooLarge tooLarge ->
          assertThat(tooLarge.asked()).isGreaterThan(tooLarge.allowed());
      default -> throw new AssertionError("told " + call.told);
    }
  }

  private record Probe(int call, int index, boolean bad) {}

  private static final class TrackedCall implements Completion<Probe> {
    private final Call<Probe> call;
    private final List<Object> told = new ArrayList<>();
    private Ticket ticket = () -> {};
    private boolean cancelled;

    TrackedCall(Call<Probe> call) {
      this.call = call;
    }

    boolean isExpired(long now) {
      return call.deadlineNanos() != Call.NO_DEADLINE && call.deadlineNanos() - now <= 0;
    }

    List<Item<Probe>> waiting(Set<Probe> launched) {
      return call.items().stream().filter(item -> !launched.contains(item.payload())).toList();
    }

    @Override
    public void succeeded(List<Probe> results, CallTiming timing) {
      told.add(results);
    }

    @Override
    public void failed(Failure failure, CallTiming timing) {
      told.add(failure);
    }
  }
}
