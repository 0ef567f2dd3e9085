// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.LoadRun;
import dev.sluice.loadtest.run.PreparedCall;
import dev.sluice.loadtest.run.ReportingThread;
import dev.sluice.loadtest.run.Rpc;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.loadtest.run.RunLabels;
import dev.sluice.loadtest.run.RunListener;
import dev.sluice.loadtest.wire.Connections;
import dev.sluice.loadtest.wire.NoopServer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Warms the generator up: makes calls without sending them, and sends calls to a server of its own,
 * for up to a second. The first calls of a Java process take a hundred times as long as later ones,
 * and none of that is the tested server's.
 */
final class WarmUp {
  private static final Rpc RPC = Rpc.of("sluice.Noop/Call", MethodType.UNARY);
  private static final CallSource.Factory CALLS =
      loop -> (worker, number) -> PreparedCall.of(RPC, new Metadata(), List.of(ByteString.EMPTY));

  /** At the same time; evenly; each of them ends after this time however slow the machine is. */
  private static final List<List<String>> RUNS =
      List.of(List.of("-c16", "-n8000", "-x600ms"), List.of("-r2000", "-n600", "-x400ms"));

  private static final int REHEARSALS = 500;
  private static final long LONGEST_REHEARSAL_NANOS = 300_000_000;

  private final Surroundings surroundings;

  WarmUp(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * @throws dev.sluice.loadtest.call.CallException if these calls cannot be made
   */
  void run(CallSource.Factory calls) throws InterruptedException {
    rehearse(calls.open(0), surroundings.warmUp() ? REHEARSALS : 1);
    if (surroundings.warmUp()) {
      send();
    }
  }

  private void rehearse(CallSource source, int times) {
    long end = surroundings.nanoTime().getAsLong() + LONGEST_REHEARSAL_NANOS;
    for (int i = 0; i < times && surroundings.nanoTime().getAsLong() < end; i++) {
      var unused = source.next("g0c0", i).messages().apply(0);
    }
  }

  private void send() throws InterruptedException {
    try (NoopServer server = NoopServer.start(1);
        ReportingThread reporter = ReportingThread.start()) {
      for (List<String> flags : RUNS) {
        List<String> args = new ArrayList<>(flags);
        args.addAll(List.of("--insecure", "--call=sluice.Noop/Call", server.host()));
        Options options = Options.read(args, 1);
        try (Connections connections =
            Connections.open(options, surroundings.nanoTime(), surroundings.threadCpu())) {
          LoadRun.Reporting reporting =
              new LoadRun.Reporting(
                  RunLabels.NONE, surroundings.clock(), reporter, null, RunListener.NONE);
          new LoadRun(Plans.of(options), connections, CALLS, reporting).start().get();
        }
      }
    } catch (IOException | RunException | ExecutionException cold) {
      // Then the first calls are slow, as without it.
    }
  }
}
