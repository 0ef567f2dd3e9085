// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.Texts;
import dev.sluice.loadtest.load.LoadException;
import dev.sluice.loadtest.load.Loops;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a served request costs beside the same work done without a server, and what a request costs
 * that is no work.
 *
 * <p>Interleaved, so that whatever else the machine does hurts all ways alike: in every round, for
 * every number of callers, each way is measured once, and right after a way that embeds, the same
 * model in-process in the batch sizes that the server formed just then. The costs are processor
 * time of the process that does the work, so that neither the load generator's nor a neighbour's
 * counts.
 */
final class ServerBench implements AutoCloseable {
  private static final List<Way> EMBED = List.of(Way.GRPC, Way.HTTP_FLOATS, Way.HTTP_BASE64);
  private static final List<Way> NOOP = List.of(Way.NOOP_GRPC, Way.NOOP_HTTP);

  private final Plan plan;
  private final Stopwatch stopwatch;
  private final LongSupplier nanoTime;
  private final PrintWriter progress;
  private final Loops loops =
      Loops.start(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  private final ServedProcess embedding;
  private final ServedProcess noop;
  private final InProcess inProcess;

  /**
   * @param callers how many at a time, ascending
   * @param time of one measurement
   */
  record Plan(List<Integer> callers, int rounds, Duration time) {
    int most() {
      return callers.getLast();
    }

    /** Of each way. */
    Duration warmUp() {
      return time.multipliedBy(5);
    }
  }

  /**
   * Starts the processes.
   *
   * @param sluice the command whose server is measured
   * @param folder for logs and the repository; the caller's to delete
   */
  ServerBench(Plan plan, Path sluice, Path folder, LongSupplier nanoTime, PrintWriter progress)
      throws IOException {
    this.plan = plan;
    this.stopwatch = new Stopwatch(nanoTime);
    this.nanoTime = nanoTime;
    this.progress = progress;
    Path repository = folder.resolve("models");
    NoopRepository.write(repository);
    progress.println("starting two servers of " + sluice + ", and the model in-process");
    // Out of the same file as the model in-process.
    this.embedding =
        ServedProcess.start(sluice, folder.resolve("embed.log"), "--optimize-models", "false");
    try {
      this.noop =
          ServedProcess.start(
              sluice, folder.resolve("noop.log"), "--model-repository", repository.toString());
      try {
        this.inProcess = InProcess.start(folder.resolve("in-process.log"));
      } catch (IOException | RuntimeException failed) {
        noop.close();
        throw failed;
      }
    } catch (IOException | RuntimeException failed) {
      embedding.close();
      throw failed;
    }
  }

  Results run() throws IOException, LoadException, InterruptedException {
    warmUp();
    Results results = new Results();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (int callers : plan.callers()) {
        progress.printf("round %d of %d, %d callers%n", round, plan.rounds(), callers);
        measure(callers, plan.time(), results);
      }
    }
    return results;
  }

  /**
   * The compilers look at code that has run some ten thousand times, which takes a model minutes:
   * so the servers first answer for a text that costs next to nothing.
   */
  private void warmUp() throws IOException, LoadException, InterruptedException {
    for (Way way : Way.values()) {
      if (way != Way.IN_PROCESS) {
        progress.println("warming up: " + way.words());
        ServedProcess server = way.noop() ? noop : embedding;
        try (ServerLoad load =
            ServerLoad.open(server, way, plan.most(), Texts.SHORTEST, loops, nanoTime)) {
          load.start();
          TimeUnit.NANOSECONDS.sleep(plan.warmUp().toNanos());
          load.stop();
        }
      }
    }
    progress.println("warming up: " + Way.IN_PROCESS.words());
    measure(plan.most(), plan.time(), new Results());
  }

  private void measure(int callers, Duration time, Results results)
      throws IOException, LoadException, InterruptedException {
    for (Way way : EMBED) {
      Sample served = served(embedding, way, callers, time);
      Sample beside =
          stopwatch.measure(inProcess.work(callers, served.batches()), inProcess.handle(), time);
      results.add(callers, way, served.beside(beside));
      results.add(callers, Way.IN_PROCESS, beside.beside(beside));
    }
    for (Way way : NOOP) {
      results.add(callers, way, served(noop, way, callers, time));
    }
  }

  private Sample served(ServedProcess server, Way way, int callers, Duration time)
      throws IOException, LoadException, InterruptedException {
    try (ServerLoad load = ServerLoad.open(server, way, callers, Texts.ALL, loops, nanoTime)) {
      return stopwatch.measure(load, server.handle(), time);
    }
  }

  @Override
  public void close() {
    inProcess.close();
    noop.close();
    embedding.close();
    loops.close();
  }
}
