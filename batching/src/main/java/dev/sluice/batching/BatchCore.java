// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a batcher and every step that changes it. Has no threads of its own: submitters,
 * lanes and the timer step it, and so can a test.
 *
 * <p>One lock guards all state here and in its parts (backlog, lanes, wake-up, calls). Under it
 * nothing foreign runs except the clock, {@link Timer#schedule}, the {@link Selection} and {@code
 * equals} of shape keys; endings are collected and told after it is released.
 */
final class BatchCore<T, R> {
  private enum State {
    /** Takes calls. Goes to DRAINING or CLOSED. */
    ACCEPTING,
    /** Answers what it has. Goes to CLOSED. */
    DRAINING,
    /** Nothing waits any more; lanes end when they have run what they hold. */
    CLOSED
  }

  /** Of a call that was refused. */
  private static final Ticket OVER = () -> {};

  private final ReentrantLock lock;
  private final Condition work;

  private final BatchLimits batchLimits;
  private final NanoClock clock;
  private final BatchObserver observer;
  private final long originNanos;
  private final Backlog<T, R> backlog;
  private final Lanes lanes;
  private final WakeUp wakeUp;
  private final Delivery<T, R> delivery;
  private final int maxHeld;

  private State state = State.ACCEPTING;
  private long nextSequence;
  private int runningRows;

  BatchCore(
      BatcherSettings settings,
      int lanes,
      ReentrantLock lock,
      NanoClock clock,
      Timer timer,
      BatchObserver observer) {
    this.lock = lock;
    this.work = lock.newCondition();
    this.batchLimits = settings.batch();
    this.backlog = new Backlog<>(settings, lanes);
    this.lanes = new Lanes(lanes, lock, backlog.forecast());
    this.clock = clock;
    this.observer = observer;
    this.originNanos = clock.nanoTime();
    this.wakeUp = new WakeUp(timer, this::timerRang);
    this.delivery = new Delivery<>(lock, settings.keepsOrder(), observer);
    this.maxHeld = settings.queue().maxRows();
  }

  BatchLimits batchLimits() {
    return batchLimits;
  }

  // What submitters do.

  /** Throws only for want of memory, and then the call was not admitted. */
  Ticket submit(Call<T> call, Completion<R> completion) {
    Amount cost = Amount.of(call);
    Failure refusal = backlog.tooLarge(call, cost);
    PendingCall<T, R> admitted = null;
    Endings<T, R> endings = new Endings<>();
    lock.lock();
    try {
      long now = clock.nanoTime();
      expire(now, endings);
      if (refusal == null) {
        refusal = refusal(call, cost, now, endings);
      }
      if (refusal == null) {
        admitted =
            new PendingCall<>(this, call, completion, cost, nextSequence++, originNanos, now);
        backlog.add(admitted);
        delivery.admitted(admitted);
        joined(admitted, now, endings);
        wakeLane(now);
        setWakeUp(now, endings);
      }
    } finally {
      lock.unlock();
      delivery.tell(endings);
    }
    if (refusal != null) {
      Ending.refuse(call, completion, refusal, observer);
    }
    return admitted == null ? OVER : admitted;
  }

  private @Nullable Failure refusal(Call<T> call, Amount cost, long now, Endings<T, R> endings) {
    if (state != State.ACCEPTING) {
      return new Failure.Closed();
    }
    if (PendingCall.nanosLeft(call.deadlineNanos(), now) <= 0) {
      return new Failure.Expired();
    }
    if (lanes.allOut()) {
      return noLane(now);
    }
    if (delivery.held() >= maxHeld) {
      return new Failure.QueueFull(Budget.HELD_ANSWERS, DrainRate.UNKNOWN_WAIT_NANOS);
    }
    long dueKey = PendingCall.key(call.deadlineNanos(), originNanos, now);
    Admission.Verdict<T, R> verdict = backlog.judge(call, cost, dueKey, now);
    for (PendingCall<T, R> victim : verdict.victims()) {
      fail(victim, new Failure.Shed(DrainRate.UNKNOWN_WAIT_NANOS), now, endings);
    }
    return verdict.refusal();
  }

  void cancel(PendingCall<T, R> call) {
    step(endings -> fail(call, new Failure.Cancelled(), clock.nanoTime(), endings));
  }

  // What lanes do.

  /** What the lane has to do now; null when nothing is due. */
  @Nullable LaneTask<T, R> nextTask(int lane) {
    return next(lane, false);
  }

  /** What the lane has to do; waits until something is due. Null when closed. Never interrupted. */
  @Nullable LaneTask<T, R> awaitTask(int lane) {
    return next(lane, true);
  }

  private @Nullable LaneTask<T, R> next(int lane, boolean mayWait) {
    while (true) {
      Endings<T, R> endings = new Endings<>();
      lock.lock();
      try {
        long now = clock.nanoTime();
        expire(now, endings);
        LaneTask<T, R> task = task(lane, now, endings);
        // Telling takes time, after which a batch formed now would no longer be fresh.
        if (task != null || endings.isEmpty()) {
          if (task != null || !mayWait || state == State.CLOSED) {
            return task;
          }
          lanes.await(lane, work);
        }
      } finally {
        lock.unlock();
        delivery.tell(endings);
      }
    }
  }

  private @Nullable LaneTask<T, R> task(int lane, long now, Endings<T, R> endings) {
    if (!endings.isEmpty()) {
      return null;
    }
    lanes.wake(now);
    if (lanes.isSuspect(lane)) {
      return state == State.CLOSED ? null : new LaneTask.Check<>();
    }
    FormedBatch<T, R> batch = lanes.isFit(lane) ? launch(lane, now, endings) : null;
    setWakeUp(now, endings);
    return batch;
  }

  private @Nullable FormedBatch<T, R> launch(int lane, long now, Endings<T, R> endings) {
    BatchPlan<T, R> plan = backlog.plan(now, mayLinger());
    if (!plan.late().isEmpty()) {
      Failure late = new Failure.WouldBeLate(DrainRate.UNKNOWN_WAIT_NANOS);
      plan.late().forEach(call -> fail(call, late, now, endings));
      return null;
    }
    if (plan.members().isEmpty()) {
      return null;
    }
    FormedBatch<T, R> batch = backlog.launch(plan, lane, now, clock.nanoTime() - now);
    runningRows += batch.rows();
    wakeLane(now);
    return batch;
  }

  /** A run of these items gave these results, one for each. */
  void succeeded(List<BatchItem<T, R>> part, List<R> results, RunStats run) {
    step(
        endings -> {
          backlog.forecast().ran(run, clock.nanoTime());
          for (int i = 0; i < part.size(); i++) {
            BatchItem<T, R> member = part.get(i);
            PendingCall<T, R> call = member.call();
            call.noteRun(run);
            if (settle(member) && !call.ended() && call.answer(member.index(), results.get(i))) {
              call.succeed();
              delivery.ended(call, endings);
            }
          }
        });
  }

  /** These items will not be run again, for this reason. Those known as settled are left alone. */
  void failed(List<BatchItem<T, R>> part, Throwable cause, RunStats run) {
    step(
        endings -> {
          long now = clock.nanoTime();
          Failure why = new Failure.RunFailed(cause);
          for (BatchItem<T, R> member : part) {
            member.call().noteRun(run);
            if (settle(member)) {
              fail(member.call(), why, now, endings);
            }
          }
        });
  }

  /** A run of these items together failed; they are still to be run apart. */
  void failedTogether(List<BatchItem<T, R>> part, RunStats run) {
    step(endings -> part.forEach(member -> member.call().noteRun(run)));
  }

  /** Those of the launched items that still have to be run; the others are settled. */
  List<BatchItem<T, R>> stillWanted(List<BatchItem<T, R>> part) {
    List<BatchItem<T, R>> wanted = new ArrayList<>(part.size());
    step(
        endings -> {
          long now = clock.nanoTime();
          for (BatchItem<T, R> member : part) {
            if (member.call().nanosLeft(now) <= 0) {
              fail(member.call(), new Failure.Expired(), now, endings);
            }
            if (member.call().ended()) {
              settle(member);
            } else {
              wanted.add(member);
            }
          }
        });
    return wanted;
  }

  /**
   * The lane has settled every item of a batch.
   *
   * @param answered whether any of them got a result
   */
  void finished(int lane, boolean answered) {
    step(endings -> lanes.finished(lane, answered));
  }

  /** The lane has checked itself; null if it found nothing wrong. */
  void checked(int lane, @Nullable Throwable cause) {
    long[] pause = new long[1];
    step(
        endings -> {
          long now = clock.nanoTime();
          pause[0] = lanes.checked(lane, cause == null, now);
          if (lanes.allOut()) {
            failWaiting(noLane(now), now, endings);
          }
          setWakeUp(now, endings);
        });
    if (cause != null) {
      Uncaught.guard(() -> observer.laneOut(lane, cause, pause[0]));
    } else {
      Uncaught.guard(() -> observer.laneBack(lane));
    }
  }

  // What the owner does.

  Batcher.Load load() {
    lock.lock();
    try {
      Amount waiting = backlog.waiting();
      return new Batcher.Load(backlog.calls(), (int) waiting.rows(), waiting.tokens(), runningRows);
    } finally {
      lock.unlock();
    }
  }

  /** What all queues hold, also of calls that are over. */
  int entries() {
    lock.lock();
    try {
      return backlog.entries() + delivery.held();
    } finally {
      lock.unlock();
    }
  }

  int fitLanes() {
    lock.lock();
    try {
      return lanes.fit();
    } finally {
      lock.unlock();
    }
  }

  void stopAccepting() {
    step(
        endings -> {
          if (state == State.ACCEPTING) {
            state = State.DRAINING;
            work.signalAll();
          }
        });
  }

  /** Returns false if that took longer than the limit. */
  boolean awaitAllAnswered(long limitNanos) throws InterruptedException {
    return delivery.awaitAllTold(limitNanos);
  }

  /** Nothing waits any more, and lanes that ask for a batch are told to end. */
  void close() {
    step(
        endings -> {
          state = State.CLOSED;
          failWaiting(new Failure.Closed(), clock.nanoTime(), endings);
          work.signalAll();
          lanes.wakeAll();
          wakeUp.cancel();
        });
  }

  // What the timer does.

  private void timerRang() {
    step(
        endings -> {
          wakeUp.rang();
          long now = clock.nanoTime();
          expire(now, endings);
          lanes.wake(now);
          wakeLane(now);
          setWakeUp(now, endings);
        });
  }

  // Under the lock.

  private void expire(long now, Endings<T, R> endings) {
    PendingCall<T, R> call = backlog.expired(now);
    while (call != null) {
      fail(call, new Failure.Expired(), now, endings);
      call = backlog.expired(now);
    }
    backlog.demote(now);
  }

  private void failWaiting(Failure why, long now, Endings<T, R> endings) {
    PendingCall<T, R> call = backlog.oldest();
    while (call != null) {
      fail(call, why, now, endings);
      call = backlog.oldest();
    }
  }

  private void fail(PendingCall<T, R> call, Failure why, long now, Endings<T, R> endings) {
    if (!call.ended()) {
      backlog.drop(call, now);
      call.fail(why);
      delivery.ended(call, endings);
      // Those behind it may have waited for its sake.
      wakeLane(now);
    }
  }

  private Failure noLane(long now) {
    long wait = lanes.nanosUntilRetry(now);
    return new Failure.NoLane(Math.max(DrainRate.MIN_WAIT_NANOS, wait));
  }

  private boolean settle(BatchItem<T, R> member) {
    boolean first = member.call().settle(member.index());
    if (first) {
      runningRows -= member.item().rows();
    }
    return first;
  }

  private boolean mayLinger() {
    return state == State.ACCEPTING;
  }

  private void wakeLane(long now) {
    if (lanes.idle() > 0 && backlog.isWorthALook(now, mayLinger())) {
      work.signal();
    }
  }

  /** What a timer throws must not undo the step; the next step sets the alarm then. */
  private void setWakeUp(long now, Endings<T, R> endings) {
    try {
      long left = Math.min(backlog.nanosUntilDue(now, mayLinger()), lanes.nanosUntilRetry(now));
      if (left != Long.MAX_VALUE && state != State.CLOSED) {
        wakeUp.within(now, left);
      }
    } catch (Throwable thrown) {
      endings.blame(thrown);
    }
  }

  /** That the next batch cannot be thought of now must not undo the admission. */
  private void joined(PendingCall<T, R> call, long now, Endings<T, R> endings) {
    try {
      backlog.joined(call, lanes.idle() == 0, now);
    } catch (Throwable thrown) {
      endings.blame(thrown);
    }
  }

  // Around the lock.

  /** Whatever the change throws, those that it has ended are told. */
  private void step(Consumer<Endings<T, R>> change) {
    Endings<T, R> endings = new Endings<>();
    lock.lock();
    try {
      change.accept(endings);
    } finally {
      lock.unlock();
      delivery.tell(endings);
    }
  }
}
