// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.LoadTest;
import dev.sluice.loadtest.support.Pem;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, which is what holds unless it is turned off. */
final class TlsTest {
  @TempDir private static Path folder;
  private static Pem server;
  private static Pem client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = Pem.make(folder, "server", "localhost");
    client = Pem.make(folder, "client", "someone");
  }

  private static GreeterServer served(ClientAuth auth) throws IOException {
    SslContext context =
        GrpcSslContexts.forServer(server.certificate().toFile(), server.key().toFile())
            .trustManager(client.certificate().toFile())
            .clientAuth(auth)
            .build();
    return new GreeterServer(builder -> builder.sslContext(context));
  }

  private static LoadTest run(GreeterServer to, String... flags) throws InterruptedException {
    List<String> args = new ArrayList<>(List.of("-n2", "-c1", "-Ojson"));
    args.add("localhost:" + to.port());
    args.addAll(List.of("--proto", GreeterServer.proto().toString()));
    args.add("--call=greet.Greeter/Hello");
    args.addAll(List.of(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static void good(LoadTest ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.json().path("statusCodeDistribution").toString()).isEqualTo("{\"OK\":2}");
  }

  private static void refused(LoadTest ran, String problem) {
    assertThat(ran.err()).startsWith("sluice: ").contains(problem).hasLineCount(1);
    assertThat(ran.err()).doesNotContain("Exception");
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void aServerIsTrustedByItsRootOrNotVerified() throws Exception {
    try (GreeterServer served = served(ClientAuth.NONE)) {
      good(run(served, "--cacert=" + server.certificate()));
      good(run(served, "--skipTLS"));
      refused(run(served), "certification path");
      refused(run(served, "--cacert=" + client.certificate()), "cannot connect to localhost");
    }
  }

  @Test
  void theNameOfTheServerCanBeSaidAndMustBeIts() throws Exception {
    try (GreeterServer served = served(ClientAuth.NONE)) {
      refused(
          run(served, "--cacert=" + server.certificate(), "--cname=elsewhere.example"),
          "elsewhere.example");
      good(run(served, "--cacert=" + server.certificate(), "--cname=localhost"));
    }
  }

  @Test
  void clientsShowWhoTheyAre() throws Exception {
    try (GreeterServer served = served(ClientAuth.REQUIRE)) {
      good(
          run(
              served,
              "--cacert=" + server.certificate(),
              "--cert=" + client.certificate(),
              "--key=" + client.key()));
      refused(run(served, "--cacert=" + server.certificate()), "cannot connect to localhost");
    }
  }

  @Test
  void filesThatAreNoCertificatesAreNamed() throws Exception {
    try (GreeterServer served = served(ClientAuth.NONE)) {
      refused(run(served, "--cacert=/nowhere/ca.pem"), "cacert: /nowhere/ca.pem cannot be read");
      refused(run(served, "--cacert=" + server.key()), "cacert: " + server.key());
      refused(
          run(served, "--cert=" + client.certificate(), "--key=" + client.certificate()),
          "cert, key: ");
    }
  }

  @Test
  void plaintextAndTlsDoNotMeet() throws Exception {
    try (GreeterServer plain = new GreeterServer()) {
      refused(run(plain), "--insecure");
    }
    try (GreeterServer served = served(ClientAuth.NONE)) {
      refused(run(served, "--insecure"), "cannot connect to localhost");
    }
  }
}
