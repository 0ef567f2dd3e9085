// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Batcher;
import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Item;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plain account, kept from outside, of what must be true of a batcher; throws when something is
 * not. Knows what was submitted, told and run, and nothing of how the batcher decides.
 */
final class Account {
  private final ProofSettings settings;
  private final VirtualTime time;
  private final List<TrackedCall> calls = new ArrayList<>();

  /** In order of arrival. */
  private final Set<TrackedCall> waiting = new LinkedHashSet<>();

  private final Starvation starvation;
  private long rows;
  private long tokens;
  private long bytes;
  private int runningRows;
  private int lastTold = -1;
  private @Nullable AssertionError brokenInCallback;
  private boolean stopped;
  private boolean wasAllOut;

  Account(ProofSettings settings, VirtualTime time) {
    this.settings = settings;
    this.time = time;
    this.starvation = new Starvation(settings.ageingNanos());
  }

  static void require(boolean holds, String promise, Object about) {
    if (!holds) {
      throw new AssertionError("broken: " + promise + " (" + about + ")");
    }
  }

  List<TrackedCall> calls() {
    return calls;
  }

  TrackedCall newCall() {
    TrackedCall call = new TrackedCall(calls.size(), this);
    calls.add(call);
    return call;
  }

  // What happens.

  /** To be called before the batcher hears of it. */
  void submitting(TrackedCall call) {
    call.submittedNanos = time.nanoTime();
  }

  /** To be called when the batcher has not refused the call. */
  void admitted(TrackedCall call) {
    call.admitted = true;
    waiting.add(call);
    call.waitingProbes = call.probes.size();
    call.probes.forEach(probe -> count(probe.item, 1));
  }

  void stopped() {
    stopped = true;
  }

  void allLanesOut() {
    wasAllOut = true;
  }

  void told(TrackedCall call, Object answer) {
    try {
      hears(call, answer);
    } catch (AssertionError e) {
      // The batcher does not let through what a completion throws.
      brokenInCallback = brokenInCallback == null ? e : brokenInCallback;
    }
  }

  private void hears(TrackedCall call, Object answer) {
    require(call.told == null, "answered once", call);
    call.told = answer;
    checkAnswer(call, answer);
    if (call.admitted) {
      stopsWaiting(call);
      if (settings.keepsOrder()) {
        require(call.number > lastTold, "answers in the order of calls", call);
        lastTold = call.number;
      }
    }
  }

  /** What still waits of it, waits no more; does nothing the second time. */
  void stopsWaiting(TrackedCall call) {
    if (waiting.remove(call)) {
      for (Probe probe : call.probes) {
        if (probe.phase == Probe.Phase.WAITING) {
          probe.phase = Probe.Phase.DONE;
          count(probe.item, -1);
        }
      }
    }
  }

  /** A batch was formed and starts. */
  void launched(List<Item<Probe>> batch) {
    checkBatch(batch);
    if (!settings.keepsOrder()) {
      starvation.launched(waiting, batch, time.nanoTime());
      checkHead(batch.get(0).payload().call);
    }
    for (Item<Probe> item : batch) {
      Probe probe = item.payload();
      require(probe.phase == Probe.Phase.WAITING, "launched once", probe.call);
      starts(probe);
      count(item, -1);
      runningRows += item.rows();
      if (--probe.call.waitingProbes == 0) {
        waiting.remove(probe.call);
      }
    }
  }

  /** A part of a batch that failed starts again. */
  void relaunched(List<Item<Probe>> part) {
    for (Item<Probe> item : part) {
      require(item.payload().phase == Probe.Phase.SUSPECT, "runs again only to bisect", item);
      starts(item.payload());
    }
  }

  private void starts(Probe probe) {
    TrackedCall call = probe.call;
    require(!call.isExpired(time.nanoTime()), "nothing starts after its deadline", call);
    require(call.isOpen() && !call.cancelled, "nothing starts for a call that is over", call);
    probe.phase = Probe.Phase.RUNNING;
  }

  /** Of these items, nothing runs any more. */
  void settled(Probe probe) {
    if (probe.phase == Probe.Phase.RUNNING || probe.phase == Probe.Phase.SUSPECT) {
      probe.phase = Probe.Phase.DONE;
      runningRows -= probe.item.rows();
    }
  }

  private void count(Item<Probe> item, int sign) {
    rows += (long) sign * item.rows();
    tokens += (long) sign * item.rows() * item.tokens();
    bytes += sign * item.bytes();
  }

  // What must be true.

  long oldestWaitedNanos() {
    return time.nanoTime() - waiting.iterator().next().submittedNanos;
  }

  void compare(Batcher.Load load) {
    if (brokenInCallback != null) {
      throw brokenInCallback;
    }
    if (settings.keepsOrder()) {
      // What has ended but not been told yet counts here and not there.
      require(load.waitingRows() <= rows, "no more waits than was submitted", load);
    } else {
      require(load.waitingRows() == rows, "rows that wait", rows + " " + load);
      require(load.waitingTokens() == tokens, "tokens that wait", tokens + " " + load);
      require(load.waitingCalls() == waiting.size(), "calls that wait", waiting.size());
      for (TrackedCall call : waiting) {
        require(!isOverdue(call), "what has expired waits no more", call);
      }
    }
  }

  /**
   * @param bisecting whether a lane has items that are to be run apart: which of them have been
   *     given up is not known before it asks for the next
   */
  void compareRunning(Batcher.Load load, boolean bisecting) {
    boolean right =
        bisecting ? load.runningRows() <= runningRows : load.runningRows() == runningRows;
    require(right, "rows that run", runningRows + " " + load);
  }

  /** To be called when the call has been admitted. */
  void checkBounds(TrackedCall call) {
    if (settings.keepsOrder()) {
      return;
    }
    Criticality criticality = call.call().criticality();
    double part =
        switch (criticality) {
          case CRITICAL_PLUS, CRITICAL -> 1;
          case SHEDDABLE_PLUS -> 0.75;
          case SHEDDABLE -> 0.5;
        };
    checkBound("all that waits", part, rows, tokens, bytes, call);
    checkTenant(call);
  }

  private void checkTenant(TrackedCall call) {
    long ofRows = 0;
    long ofTokens = 0;
    long ofBytes = 0;
    for (TrackedCall other : waiting) {
      if (other.call().tenant().equals(call.call().tenant())) {
        for (Probe probe : other.probes) {
          if (probe.phase == Probe.Phase.WAITING) {
            ofRows += probe.item.rows();
            ofTokens += (long) probe.item.rows() * probe.item.tokens();
            ofBytes += probe.item.bytes();
          }
        }
      }
    }
    double part = settings.tenants().maxShareOfQueue();
    checkBound("what waits of a tenant", part, ofRows, ofTokens, ofBytes, call);
  }

  private void checkBound(String of, double part, long r, long t, long b, TrackedCall call) {
    require(
        r <= Math.max(1, settings.queue().maxRows() * part)
            && t <= Math.max(1, settings.queue().maxTokens() * part)
            && b <= Math.max(1, settings.queue().maxBytes() * part),
        of + " stays within its bounds",
        call + ": " + r + " rows, " + t + " tokens, " + b + " bytes");
  }

  private void checkBatch(List<Item<Probe>> batch) {
    int batchRows = 0;
    long longest = 0;
    long batchTokens = 0;
    long batchBytes = 0;
    for (Item<Probe> item : batch) {
      int step = settings.batch().lengthStep();
      long padded = (long) (item.tokens() + step - 1) / step * step;
      batchRows += item.rows();
      longest = Math.max(longest, padded);
      batchTokens += item.rows() * padded;
      batchBytes += item.bytes();
      require(item.shapeKey().equals(batch.get(0).shapeKey()), "one shape", batch);
    }
    require(batchRows <= settings.batch().maxRows(), "rows of a batch", batchRows);
    require(batchRows * longest <= settings.batch().maxTokens(), "tokens of a batch", batchRows);
    require(
        batch.size() == 1 || batchBytes <= settings.batch().maxBytes(), "bytes of a batch", batch);
    require(
        !settings.batch().preferredRows().isEmpty()
            || batchRows * longest <= settings.batch().maxWaste() * batchTokens,
        "padding of a batch",
        batchRows * longest + " for " + batchTokens);
  }

  /** Nothing of a higher rank waits, unless it is the turn of what has waited for long. */
  private void checkHead(TrackedCall head) {
    boolean aged =
        head.equals(waiting.iterator().next()) && oldestWaitedNanos() >= settings.ageingNanos();
    if (!aged) {
      for (TrackedCall other : waiting) {
        boolean before = rank(other) < rank(head);
        require(!before, "the more critical goes first", other + " before " + head);
      }
    }
  }

  private int rank(TrackedCall call) {
    Call<Probe> c = call.call();
    boolean demoted = c.demoteNanos() != Call.NO_DEADLINE && c.demoteNanos() - time.nanoTime() <= 0;
    return List.of(Criticality.values()).indexOf(c.criticality()) * 1000
        + c.level() * 2
        + (demoted ? 1 : 0);
  }

  private void checkAnswer(TrackedCall call, Object answer) {
    boolean dated = call.call().deadlineNanos() != Call.NO_DEADLINE;
    boolean sheddable = call.call().criticality().compareTo(Criticality.CRITICAL) > 0;
    boolean untouched =
        call.probes.stream()
            .allMatch(p -> p.phase == Probe.Phase.WAITING || p.phase == Probe.Phase.DONE);
    boolean right =
        switch (answer) {
          case List<?> results -> !call.isBad() && results.equals(call.probes);
          case Failure.RunFailed f -> call.isBad() || call.excused;
          case Failure.Cancelled f -> call.cancelled;
          case Failure.Expired f -> isExpiredOnTime(call);
          case Failure.WouldBeLate f -> dated;
          case Failure.Closed f -> stopped;
          case Failure.NoLane f -> wasAllOut;
          case Failure.TooLarge f -> !call.admitted && f.asked() > f.allowed();
          case Failure.QueueFull f -> !call.admitted && f.retryAfterNanos() > 0;
          case Failure.Shed f ->
              untouched && (call.admitted ? sheddable : settings.targetWaitNanos() > 0);
          default -> false;
        };
    require(right, "an answer for a reason", call + " was told " + answer);
  }

  /** Whether a timer that is never late has missed its deadline. */
  private boolean isOverdue(TrackedCall call) {
    return settings.jumps() == 0
        && call.isExpired(time.nanoTime())
        && call.call().deadlineNanos() != time.nanoTime();
  }

  /** What waits is told so at its deadline; what is run again, when it would have been. */
  private boolean isExpiredOnTime(TrackedCall call) {
    long after = time.nanoTime() - call.call().deadlineNanos();
    boolean waits =
        call.admitted && call.probes.stream().allMatch(p -> p.phase == Probe.Phase.WAITING);
    boolean exact = waits && settings.jumps() == 0 && !settings.keepsOrder();
    return exact ? after == 0 : call.isExpired(time.nanoTime());
  }
}
