// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.Texts;
import dev.sluice.loadtest.load.Caller;
import dev.sluice.loadtest.load.ClosedLoop;
import dev.sluice.loadtest.load.GrpcConnection;
import dev.sluice.loadtest.load.LoadException;
import dev.sluice.loadtest.load.Loops;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many texts a second go through gRPC into a server on this machine and come back as vectors.
 * Starts the server, and ends it.
 */
public final class TextRate implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final int LOAD_THREADS = 4;

  private final ServedProcess server;
  private final Loops loops = Loops.start(LOAD_THREADS);
  private final LongSupplier nanoTime;

  /**
   * @param sluice the command
   * @param log where the server's log goes
   * @param flags for the server
   * @throws IOException when it does not get ready, saying why
   */
  public TextRate(Path sluice, Path log, LongSupplier nanoTime, String... flags)
      throws IOException {
    this.server = ServedProcess.start(sluice, log, flags);
    this.nanoTime = nanoTime;
  }

  /** The variant that answers who asks for none. */
  public String variant() throws LoadException {
    try (GrpcConnection connection = new GrpcConnection(loops, server.grpcPort())) {
      EmbedResponse answer =
          EmbeddingServiceGrpc.newBlockingStub(connection.channel())
              .embed(
                  EmbedRequest.newBuilder()
                      .addInputs(Input.newBuilder().setText(Texts.ALL.getFirst()))
                      .build());
      return answer.getVariant();
    } catch (StatusRuntimeException e) {
      throw new LoadException("a text is not answered: " + e.getStatus());
    }
  }

  /** Callers that each send their next call when the last one is answered. */
  public double perSecond(int callers, int textsPerCall, Duration warmUp, Duration time)
      throws LoadException, InterruptedException {
    List<GrpcConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(new GrpcConnection(loops, server.grpcPort()));
      }
      List<Caller> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        GrpcConnection connection = connections.get(i % CONNECTIONS);
        all.add(connection.caller(Requests.EMBED, Requests.grpcEmbed(texts(i, textsPerCall))));
      }
      return textsPerCall * callsPerSecond(new ClosedLoop(all, nanoTime), warmUp, time);
    } finally {
      connections.forEach(GrpcConnection::close);
    }
  }

  private double callsPerSecond(ClosedLoop loop, Duration warmUp, Duration time)
      throws LoadException, InterruptedException {
    loop.start();
    TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
    long before = loop.completed();
    long start = nanoTime.getAsLong();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    long done = loop.completed() - before;
    double seconds = 1e-9 * (nanoTime.getAsLong() - start);
    loop.stop();
    loop.awaitAnswers();
    if (done == 0) {
      throw new LoadException("nothing was answered in " + time.toSeconds() + " s");
    }
    return done / seconds;
  }

  private static List<String> texts(int first, int count) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(Texts.ALL.get((first + i) % Texts.ALL.size()));
    }
    return texts;
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
