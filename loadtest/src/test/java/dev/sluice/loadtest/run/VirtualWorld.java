// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.result.RunResult;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Loops, a clock and a server without threads: time goes from event to event. The server's answers
 * are what {@link Server} says.
 */
final class VirtualWorld implements Fleet {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;
  private static final Rpc RPC = Rpc.of("a.B/C", MethodType.UNARY);

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Loop> loops = new ArrayList<>();
  private final int connections;
  private final Server server;
  private long now = 7 * SECOND;
  private long sequence;

  /** When the calls were sent, from the first one on. */
  final List<Long> sent = new ArrayList<>();

  final List<String> workers = new ArrayList<>();
  final List<Long> numbers = new ArrayList<>();

  /** Calls under way, and the most that were. */
  int open;

  int mostOpen;

  /** What the generator itself needs to make a call. */
  long makingNanos;

  /** How long a call takes that is sent so many nanoseconds after the first. */
  interface Server {
    long NEVER = Long.MAX_VALUE;

    long takes(long sentAt);

    default Status status(int call) {
      return Status.OK;
    }
  }

  private record Event(long at, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  VirtualWorld(int loops, int connections, Server server) {
    this.connections = connections;
    this.server = server;
    for (int i = 0; i < loops; i++) {
      this.loops.add(new VirtualLoop());
    }
  }

  VirtualWorld(Server server) {
    this(1, 1, server);
  }

  /** Runs the plan to its end. */
  RunResult run(LoadPlan plan) {
    return run(plan, RunListener.NONE);
  }

  RunResult run(LoadPlan plan, RunListener listener) {
    return result(start(plan, listener));
  }

  RunResult result(LoadRun run) {
    CompletableFuture<RunResult> result = run.start();
    while (!result.isDone() && !events.isEmpty()) {
      step();
    }
    return result.join();
  }

  LoadRun start(LoadPlan plan, RunListener listener) {
    return new LoadRun(
        plan,
        this,
        loop -> this::call,
        new LoadRun.Reporting(
            RunLabels.NONE, () -> Instant.ofEpochSecond(0, now), Runnable::run, null, listener));
  }

  /** Runs the task when the loops' time has gone on by so much. */
  void after(long nanos, Runnable task) {
    events.add(new Event(now + nanos, sequence++, task));
  }

  private void step() {
    Event next = events.remove();
    now = Math.max(now, next.at());
    next.task().run();
  }

  private PreparedCall call(String worker, long number) {
    workers.add(worker);
    numbers.add(number);
    now += makingNanos;
    return PreparedCall.of(RPC, new Metadata(), List.of(ByteString.EMPTY));
  }

  @Override
  public List<Loop> loops() {
    return loops;
  }

  @Override
  public int connections() {
    return connections;
  }

  @Override
  public Carrier carrier(int loop) {
    return (call, connection, ended) -> new Sent(ended);
  }

  private final class Sent implements Carrier.Ongoing {
    private final Carrier.Ended ended;
    private boolean over;

    Sent(Carrier.Ended ended) {
      this.ended = ended;
      sent.add(now);
      open++;
      mostOpen = Math.max(mostOpen, open);
      Status status = server.status(sent.size() - 1);
      long takes = server.takes(now - sent.getFirst());
      if (takes != Server.NEVER) {
        after(takes, () -> end(status));
      }
    }

    @Override
    public void cancel(Status why) {
      after(0, () -> end(why));
    }

    private void end(Status status) {
      if (!over) {
        over = true;
        open--;
        ended.ended(status);
      }
    }
  }

  private final class VirtualLoop implements Loop {
    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public long cpuNanos() {
      return 0;
    }

    @Override
    public void execute(Runnable task) {
      after(0, task);
    }

    @Override
    public void at(long nanoTime, Runnable task) {
      after(Math.max(0, nanoTime - now), task);
    }
  }
}
