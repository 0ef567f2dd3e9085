// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.run.Carrier;
import dev.sluice.loadtest.run.PreparedCall;
import dev.sluice.loadtest.run.Rpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections over HTTP, with a server that answers when it is let. */
final class HttpConnectionsTest {
  private static final int MOST = 2;

  private final CountDownLatch let = new CountDownLatch(1);
  private final Set<Integer> clients = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/embed",
        exchange -> {
          clients.add(exchange.getRemoteAddress().getPort());
          try {
            let.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    let.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private HttpConnections connect() throws InterruptedException {
    String host = "127.0.0.1:" + server.getAddress().getPort();
    Options options = Options.read(List.of("--insecure", "--target=tei-http", host), 1);
    return HttpConnections.open(options, System::nanoTime, () -> 0, MOST);
  }

  private List<Carrier.Ongoing> send(HttpConnections connections, int calls)
      throws InterruptedException {
    Carrier carrier = connections.carrier(0);
    Rpc rpc = Rpc.of("POST /embed", MethodType.UNARY);
    List<Carrier.Ongoing> ongoing = new ArrayList<>();
    CountDownLatch sent = new CountDownLatch(1);
    connections
        .loops()
        .getFirst()
        .execute(
            () -> {
              for (int i = 0; i < calls; i++) {
                List<ByteString> body = List.of(ByteString.copyFromUtf8("{}"));
                PreparedCall call = PreparedCall.of(rpc, new Metadata(), body);
                ongoing.add(carrier.start(call, 0, ended::add));
              }
              sent.countDown();
            });
    sent.await();
    return ongoing;
  }

  @Test
  void callsBeyondTheMostConnectionsWaitForOne() throws Exception {
    try (HttpConnections connections = connect()) {
      send(connections, 20);
      let.countDown();
      for (int i = 0; i < 20; i++) {
        assertThat(ended.take()).isEqualTo(Status.OK);
      }
    }
    assertThat(clients).hasSizeBetween(1, MOST);
  }

  @Test
  void whoeverGivesUpWhileWaitingIsNotSentAndTheOthersAre() throws Exception {
    try (HttpConnections connections = connect()) {
      List<Carrier.Ongoing> ongoing = send(connections, 5);
      ongoing.get(0).cancel(Status.CANCELLED);
      ongoing.get(3).cancel(Status.CANCELLED);
      assertThat(ended.take().getCode()).isEqualTo(Status.Code.CANCELLED);
      assertThat(ended.take().getCode()).isEqualTo(Status.Code.CANCELLED);
      let.countDown();
      for (int i = 0; i < 3; i++) {
        assertThat(ended.take()).isEqualTo(Status.OK);
      }
      assertThat(ended).isEmpty();
    }
  }
}
