// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.batching.CallTiming;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.telemetry.ModelLabels;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints what it costs to follow a request that gets neither a line nor a span, and one that nobody
 * follows: run it by hand, as {@code RecordingCost}. Not a test, as it is about time.
 */
public final class FollowingCost {
  private static final int REQUESTS = 20_000_000;
  private static final int ROUNDS = 5;
  private static final ModelRef ASKED = new ModelRef("m", "", "");
  private static final ModelLabels LABELS = new ModelLabels("m", "1", "fp32");
  private static final CallTiming TIMING = new CallTiming(1_000, 2_000, 8);
  private static final RequestEnd OK = new RequestEnd(200, null, "", 10, 10);

  private FollowingCost() {}

  public static void main(String[] args) {
    RequestLog log =
        new RequestLog(new RequestLog.Rules(0, 10, false), () -> 0.5, System::nanoTime);
    RequestTraces usual = new Requests(log, null, System::nanoTime, Runnable::run);
    for (int round = 0; round < ROUNDS; round++) {
      System.out.printf(
          "as configured by default: %.0f ns per request; off: %.1f ns%n",
          measure(usual), measure(RequestTraces.OFF));
    }
  }

  private static double measure(RequestTraces traces) {
    var threads = ManagementFactory.getThreadMXBean();
    RequestHead head = new Head();
    long start = threads.getCurrentThreadCpuTime();
    for (long i = 0; i < REQUESTS; i++) {
      RequestTrace trace = traces.begin(head, i);
      trace.named("id");
      trace.asked(ASKED, "", List.of());
      trace.accepted(LABELS, i + 10);
      trace.decoded(10);
      trace.queued(1, 8, 100);
      trace.ran(TIMING);
      trace.answered(10, 5_000);
      trace.ended(OK);
    }
    return (double) (threads.getCurrentThreadCpuTime() - start) / REQUESTS;
  }

  private record Head() implements RequestHead {
    @Override
    public Protocol protocol() {
      return Protocol.GRPC;
    }

    @Override
    public String method() {
      return "s/m";
    }

    @Override
    public String path() {
      return "";
    }

    @Override
    public @Nullable SocketAddress peer() {
      return null;
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }
  }
}
