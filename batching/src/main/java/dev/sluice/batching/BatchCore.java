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
 * <p>One lock guards all state here and in its parts (backlog, wake-up, calls). Under it nothing
 * foreign runs except the clock and {@link Timer#schedule}; endings are collected and told after it
 * is released.
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

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition allAnswered = lock.newCondition();

  private final NanoClock clock;
  private final BatchObserver observer;
  private final long originNanos;
  private final Backlog<T, R> backlog;
  private final WakeUp wakeUp;

  private State state = State.ACCEPTING;
  private long nextSequence;
  private int unanswered;
  private int runningRows;
  private int idleLanes;

  BatchCore(Backlog<T, R> backlog, NanoClock clock, Timer timer, BatchObserver observer) {
    this.backlog = backlog;
    this.clock = clock;
    this.observer = observer;
    this.originNanos = clock.nanoTime();
    this.wakeUp = new WakeUp(timer, this::timerRang);
  }

  // What submitters do.

  Ticket submit(Call<T> call, Completion<R> completion) {
    Cost cost = Cost.of(call);
    Failure refusal = backlog.tooLarge(call, cost);
    PendingCall<T, R> admitted = null;
    List<Ending<R>> endings = new ArrayList<>();
    lock.lock();
    try {
      long now = clock.nanoTime();
      expire(now, endings);
      if (refusal == null) {
        refusal = refusal(call, cost, now);
      }
      if (refusal == null) {
        admitted = new PendingCall<>(call, completion, cost, nextSequence++, originNanos, now);
        backlog.add(admitted);
        unanswered++;
        wakeLane();
        setWakeUp(now);
      }
    } finally {
      lock.unlock();
    }
    tell(endings);
    if (refusal != null) {
      Ending.refused(call, completion, refusal).deliver(observer);
    }
    return ticket(admitted);
  }

  private @Nullable Failure refusal(Call<T> call, Cost cost, long now) {
    if (state != State.ACCEPTING) {
      return new Failure.Closed();
    }
    if (PendingCall.nanosLeft(call.deadlineNanos(), now) <= 0) {
      return new Failure.Expired();
    }
    return backlog.full(cost, now);
  }

  private Ticket ticket(@Nullable PendingCall<T, R> call) {
    if (call == null) {
      return () -> {};
    }
    return () -> step(endings -> fail(call, new Failure.Cancelled(), clock.nanoTime(), endings));
  }

  // What lanes do.

  /** The batch to run now; null when none is due. */
  @Nullable FormedBatch<T, R> formNext() {
    return next(false);
  }

  /** The batch to run now; waits until one is due. Null when closed. Ignores interruption. */
  @Nullable FormedBatch<T, R> awaitNext() {
    return next(true);
  }

  private @Nullable FormedBatch<T, R> next(boolean mayWait) {
    while (true) {
      List<Ending<R>> endings = new ArrayList<>();
      lock.lock();
      try {
        long now = clock.nanoTime();
        expire(now, endings);
        // Telling takes time, after which a batch formed now would no longer be fresh.
        if (endings.isEmpty()) {
          FormedBatch<T, R> batch = launch(now);
          if (batch != null || !mayWait || state == State.CLOSED) {
            return batch;
          }
          idleLanes++;
          work.awaitUninterruptibly();
          idleLanes--;
        }
      } finally {
        lock.unlock();
      }
      tell(endings);
    }
  }

  private @Nullable FormedBatch<T, R> launch(long now) {
    FormedBatch<T, R> batch = backlog.launch(now, mayLinger());
    if (batch != null) {
      runningRows += batch.rows();
      wakeLane();
    }
    setWakeUp(now);
    return batch;
  }

  /** A run of these items gave these results, one for each. */
  void succeeded(List<BatchItem<T, R>> part, List<R> results, RunStats run) {
    step(
        endings -> {
          for (int i = 0; i < part.size(); i++) {
            BatchItem<T, R> member = part.get(i);
            PendingCall<T, R> call = member.call();
            call.noteRun(run);
            if (settle(member) && !call.ended() && call.answer(member.index(), results.get(i))) {
              endings.add(call.succeed());
            }
          }
        });
  }

  /** These items will not be run again, for this reason. Those known as settled are left alone. */
  void failed(List<BatchItem<T, R>> part, Throwable cause, RunStats run) {
    step(
        endings -> {
          long now = clock.nanoTime();
          for (BatchItem<T, R> member : part) {
            member.call().noteRun(run);
            if (settle(member)) {
              fail(member.call(), new Failure.RunFailed(cause), now, endings);
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

  // What the owner does.

  Batcher.Load load() {
    lock.lock();
    try {
      Cost waiting = backlog.cost();
      return new Batcher.Load(backlog.calls(), (int) waiting.rows(), waiting.tokens(), runningRows);
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
    lock.lock();
    try {
      long left = limitNanos;
      while (unanswered > 0) {
        if (left <= 0) {
          return false;
        }
        left = allAnswered.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing waits any more, and lanes that ask for a batch are told to end. */
  void close() {
    step(
        endings -> {
          state = State.CLOSED;
          long now = clock.nanoTime();
          PendingCall<T, R> call = backlog.oldest();
          while (call != null) {
            fail(call, new Failure.Closed(), now, endings);
            call = backlog.oldest();
          }
          wakeUp.cancel();
          work.signalAll();
        });
  }

  // What the timer does.

  private void timerRang() {
    step(
        endings -> {
          long now = clock.nanoTime();
          wakeUp.rang();
          expire(now, endings);
          wakeLane();
          setWakeUp(now);
        });
  }

  // Under the lock.

  private void expire(long now, List<Ending<R>> endings) {
    PendingCall<T, R> call = backlog.expired(now);
    while (call != null) {
      fail(call, new Failure.Expired(), now, endings);
      call = backlog.expired(now);
    }
  }

  private void fail(PendingCall<T, R> call, Failure why, long now, List<Ending<R>> endings) {
    if (!call.ended()) {
      backlog.drop(call);
      endings.add(call.fail(why, now));
    }
  }

  private boolean settle(BatchItem<T, R> member) {
    boolean wasRunning = member.call().settle(member.index());
    if (wasRunning) {
      runningRows -= member.item().rows();
    }
    return wasRunning;
  }

  private boolean mayLinger() {
    return state == State.ACCEPTING;
  }

  /** Each lane that is woken wakes the next if it leaves work behind. */
  private void wakeLane() {
    if (idleLanes > 0 && !backlog.isEmpty()) {
      work.signal();
    }
  }

  private void setWakeUp(long now) {
    long left = backlog.nanosUntilDue(now, mayLinger());
    if (left != Long.MAX_VALUE) {
      wakeUp.within(now, left);
    }
  }

  // Around the lock.

  private void step(Consumer<List<Ending<R>>> change) {
    List<Ending<R>> endings = new ArrayList<>();
    lock.lock();
    try {
      change.accept(endings);
    } finally {
      lock.unlock();
    }
    tell(endings);
  }

  private void tell(List<Ending<R>> endings) {
    if (endings.isEmpty()) {
      return;
    }
    endings.forEach(ending -> ending.deliver(observer));
    step(
        none -> {
          unanswered -= endings.size();
          if (unanswered == 0) {
            allAnswered.signalAll();
          }
        });
  }
}
