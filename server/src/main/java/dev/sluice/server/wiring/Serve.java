// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.server.cli.Columns;
import dev.sluice.server.cli.ServeAction;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.ServedVersion;
import dev.sluice.server.lifecycle.Signals;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sluice serve}: start, say what serves, wait for the signal, drain. */
public final class Serve implements ServeAction {
  private static final Logger log = LoggerFactory.getLogger(Serve.class);
  private static final int KILLED = 130;

  private final PrintStream out;

  public Serve(PrintStream out) {
    this.out = out;
  }

  @Override
  public int run(ServerConfig config) {
    Signals signals = Signals.install(() -> Runtime.getRuntime().halt(KILLED));
    SluiceServer server;
    try {
      server = SluiceServer.start(config, System.getenv());
    } catch (IOException taken) {
      String where =
          taken instanceof PortTaken port
              ? config.network().host() + ":" + port.port()
              : config.network().host();
      log.error("cannot listen on {}: {}", where, reason(taken));
      return 1;
    } catch (UncheckedIOException unreadable) {
      log.error("a model repository cannot be read: {}", unreadable.getMessage());
      return 1;
    }
    out.printf("HTTP listens on %s:%d%n", config.network().host(), server.httpPort());
    out.printf("gRPC listens on %s:%d%n", config.network().host(), server.grpcPort());
    out.printf("metrics and admin on %s:%d%n", config.network().host(), server.adminPort());
    out.flush();
    try {
      CompletableFuture<Void> loaded =
          server.load().whenComplete((done, failed) -> told(server, signals, failed));
      signals.await();
      boolean whole = server.lost().isEmpty();
      boolean allAnswered = server.drain();
      return allAnswered && whole && !loaded.isCompletedExceptionally() ? 0 : 1;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** A server that cannot find out what to serve ends, so that somebody notices. */
  private void told(SluiceServer server, Signals signals, @Nullable Throwable failed) {
    if (failed == null) {
      announce(server);
    } else {
      log.error("the models could not be loaded", failed);
      signals.raise();
    }
  }

  private void announce(SluiceServer server) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", "version", "variant", "task", "device", "lanes"));
    server.serving().forEach(served -> rows.add(cells(served)));
    Columns.print(out, rows);
    for (ModelStatus status : server.models()) {
      if (status.state() != ModelStatus.State.READY) {
        out.printf("not served: %s: %s%n", status.name(), status.reason());
      }
    }
    out.println(server.ready() ? "ready" : "not ready: no model serves");
    out.flush();
  }

  private static List<String> cells(ServedVersion served) {
    return List.of(
        served.name(),
        served.version(),
        served.variant(),
        served.task(),
        served.device(),
        Integer.toString(served.lanes().size()));
  }

  private static String reason(IOException failed) {
    Throwable deepest = failed;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
