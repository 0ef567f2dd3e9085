// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.loadtest.support.LoadTest;
import dev.sluice.loadtest.support.Pem;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP within TLS, which is what holds unless it is turned off. */
final class HttpsLoadTest {
  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Pem pem;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    pem = Pem.make(folder, "server", "localhost");
    JdkSslContext context =
        (JdkSslContext)
            SslContextBuilder.forServer(pem.certificate().toFile(), pem.key().toFile())
                .sslProvider(SslProvider.JDK)
                .build();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context.context()));
    server.createContext(
        "/embed",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    // A connection holds a thread from its handshake to its first request.
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private LoadTest run(String host, String... flags) throws InterruptedException {
    List<String> args =
        new ArrayList<>(List.of("--target=tei-http", "-n4", "-c2", "-Ojson", "--lengths=const:3"));
    args.add(host + ":" + server.getAddress().getPort());
    args.addAll(List.of(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static void good(LoadTest ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.json().path("statusCodeDistribution").toString()).isEqualTo("{\"OK\":4}");
  }

  private static void refused(LoadTest ran) {
    assertThat(ran.err()).startsWith("sluice: cannot connect to ").hasLineCount(1);
    assertThat(ran.err()).doesNotContain("Exception");
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void aServerIsTrustedByItsRootAndName() throws Exception {
    String root = "--cacert=" + pem.certificate();
    good(run("localhost", root));
    good(run("127.0.0.1", root, "--cname=localhost"));
    good(run("127.0.0.1", "--skipTLS"));
    refused(run("localhost"));
    refused(run("localhost", root, "--cname=elsewhere.example"));
  }
}
