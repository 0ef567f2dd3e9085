// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Callers that each send their next request when the last one is answered, from {@link #start} to
 * {@link #stop}. A request that fails ends its caller's part and is kept as the reason.
 *
 * <p>Each caller records into a histogram of its own, on its event loop; they are put together when
 * all have ended.
 */
public final class ClosedLoop {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int DIGITS = 3;

  private final List<Seat> seats = new ArrayList<>();
  private final LongSupplier nanoTime;
  private final LongAdder completed = new LongAdder();
  private final CountDownLatch running;
  private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
  private volatile boolean recording;
  private volatile boolean stopping;

  public ClosedLoop(List<? extends Caller> callers, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.running = new CountDownLatch(callers.size());
    callers.forEach(caller -> seats.add(new Seat(caller)));
  }

  public void start() {
    seats.forEach(Seat::next);
  }

  /** From here on durations are recorded. */
  public void record() {
    recording = true;
  }

  /** Requests answered well since the start. */
  public long completed() {
    return completed.sum();
  }

  /** Sends and records no more. */
  public void stop() {
    recording = false;
    stopping = true;
  }

  /**
   * To be called after {@link #stop}: waits for the answers that are due, and tells how long each
   * recorded request took.
   *
   * @throws LoadException when a request failed, or an answer does not come
   */
  public Histogram awaitAnswers() throws LoadException, InterruptedException {
    boolean ended = running.await(30, TimeUnit.SECONDS);
    String why = problem.get();
    if (why != null) {
      throw new LoadException("a request failed: " + why);
    }
    if (!ended) {
      throw new LoadException("a request was not answered in 30 s");
    }
    Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
    seats.forEach(seat -> all.add(seat.nanos));
    return all;
  }

  private final class Seat implements Caller.Ended {
    private final Caller caller;
    private final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
    private long sentAt;

    Seat(Caller caller) {
      this.caller = caller;
    }

    void next() {
      sentAt = nanoTime.getAsLong();
      caller.call(this);
    }

    @Override
    public void good() {
      completed.increment();
      if (recording) {
        nanos.recordValue(Math.min(LONGEST_NANOS, nanoTime.getAsLong() - sentAt));
      }
      if (stopping) {
        running.countDown();
      } else {
        next();
      }
    }

    @Override
    public void bad(String why) {
      problem.compareAndSet(null, why);
      running.countDown();
    }
  }
}
