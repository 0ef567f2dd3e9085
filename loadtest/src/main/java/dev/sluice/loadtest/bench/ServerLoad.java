// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.BatchSizes;
import dev.sluice.loadtest.load.Caller;
import dev.sluice.loadtest.load.ClosedLoop;
import dev.sluice.loadtest.load.GrpcConnection;
import dev.sluice.loadtest.load.HttpCaller;
import dev.sluice.loadtest.load.LoadException;
import dev.sluice.loadtest.load.Loops;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.InferBatchStatistics;
import dev.sluice.proto.inference.ModelStatistics;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Callers on one server, one way. Connections are opened first and closed last. */
final class ServerLoad implements Work, AutoCloseable {
  private static final int CALLERS_PER_CONNECTION = 16;
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<GrpcConnection> connections = new ArrayList<>();
  private final List<Caller> callers = new ArrayList<>();
  private final GrpcConnection control;
  private final ClosedLoop loop;

  private ServerLoad(GrpcConnection control, LongSupplier nanoTime, List<Caller> callers) {
    this.control = control;
    this.callers.addAll(callers);
    this.loop = new ClosedLoop(callers, nanoTime);
  }

  /**
   * @param texts dealt out to the callers, each of which keeps to its own
   */
  static ServerLoad open(
      ServedProcess server,
      Way way,
      int callers,
      List<String> texts,
      Loops loops,
      LongSupplier nanoTime)
      throws IOException {
    List<GrpcConnection> connections = new ArrayList<>();
    List<Caller> made = new ArrayList<>();
    int wanted = Math.min(callers, Math.max(2, callers / CALLERS_PER_CONNECTION));
    for (int i = 0; i < wanted; i++) {
      connections.add(new GrpcConnection(loops, server.grpcPort()));
    }
    for (int i = 0; i < callers; i++) {
      String text = texts.get(i % texts.size());
      GrpcConnection connection = connections.get(i % connections.size());
      int http = server.httpPort();
      made.add(
          switch (way) {
            case GRPC -> connection.caller(Requests.EMBED, Requests.grpcEmbed(text));
            case NOOP_GRPC -> connection.caller(Requests.INFER, Requests.grpcNoop());
            case HTTP_FLOATS -> HttpCaller.connect(loops, http, Requests.httpEmbed(text, "float"));
            case HTTP_BASE64 -> HttpCaller.connect(loops, http, Requests.httpEmbed(text, "base64"));
            case NOOP_HTTP -> HttpCaller.connect(loops, http, Requests.httpNoop());
            case IN_PROCESS -> throw new IllegalArgumentException("no server is asked in-process");
          });
    }
    ServerLoad load = new ServerLoad(connections.getFirst(), nanoTime, made);
    load.connections.addAll(connections);
    return load;
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public void record() {
    loop.record();
  }

  @Override
  public long completed() {
    return loop.completed();
  }

  @Override
  public BatchSizes batches() {
    Map<Long, Long> runs = new TreeMap<>();
    var statistics =
        GRPCInferenceServiceGrpc.newBlockingStub(control.channel())
            .modelStatistics(ModelStatisticsRequest.getDefaultInstance());
    for (ModelStatistics model : statistics.getModelStatsList()) {
      for (InferBatchStatistics batch : model.getBatchStatsList()) {
        runs.merge(batch.getBatchSize(), batch.getComputeInfer().getCount(), Long::sum);
      }
    }
    return new BatchSizes(runs);
  }

  @Override
  public Latency stop() throws LoadException, InterruptedException {
    loop.stop();
    Histogram nanos = loop.awaitAnswers();
    return new Latency(
        nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
        nanos.getValueAtPercentile(99) / NANOS_PER_MILLI);
  }

  @Override
  public void close() {
    callers.forEach(Caller::close);
    connections.forEach(GrpcConnection::close);
  }
}
