// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Item;
import dev.sluice.batching.SteppedBatcher;
import dev.sluice.batching.SteppedBatcher.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batcher itself. It is told each request's deadline, and has a target wait, which is its own
 * means against overload; all else is as it comes.
 */
final class SluiceScheduler implements Scheduler {
  private static final Completion<Request> UNHEARD =
      new Completion<>() {
        @Override
        public void succeeded(List<Request> results, CallTiming timing) {}

        @Override
        public void failed(Failure failure, CallTiming timing) {}
      };

  private final VirtualTime time;
  private final SteppedBatcher<Request, Request> batcher;
  private final List<@Nullable Run<Request, Request>> running;

  SluiceScheduler(VirtualTime time, ServerKind server) {
    this.time = time;
    this.batcher =
        DynamicBatcher.<Request, Request>builder(
                Collections.nCopies(server.lanes(), payloads -> payloads), time, time)
            .batchLimits(server.limits())
            .targetWait(Duration.ofNanos(server.targetWaitNanos()))
            .buildStepped();
    this.running = new ArrayList<>(Collections.nCopies(server.lanes(), null));
  }

  @Override
  public void arrived(Request request) {
    Item<Request> item = new Item<>(request, 1, request.tokens(), 4L * request.tokens(), "");
    long deadline = time.nanoTime() + request.sloNanos();
    batcher.submit(new Call<>(List.of(item), deadline, Criticality.CRITICAL, ""), UNHEARD);
  }

  @Override
  public List<Request> next(int lane) {
    if (!(batcher.next(lane) instanceof Run<Request, Request> run)) {
      return List.of();
    }
    running.set(lane, run);
    return payloads(run);
  }

  @Override
  public void ran(int lane) {
    Run<Request, Request> run = running.set(lane, null);
    if (run != null) {
      run.succeeded(payloads(run));
    }
  }

  private static List<Request> payloads(Run<Request, Request> run) {
    return run.items().stream().map(Item::payload).toList();
  }
}
