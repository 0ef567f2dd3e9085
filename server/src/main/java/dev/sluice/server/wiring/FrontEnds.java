// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.cli.BuildVersion;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.Core;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.lifecycle.Drain;
import dev.sluice.server.slo.SloSource;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.admin.AdminServer;
import dev.sluice.server.transport.grpc.GrpcFrontEnd;
import dev.sluice.server.transport.grpc.GrpcParts;
import dev.sluice.server.transport.http.HttpFrontEnd;
import dev.sluice.server.transport.http.HttpParts;
import dev.sluice.server.transport.shared.LogbackControl;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Everything that listens: started together or not at all. */
record FrontEnds(AdminServer admin, GrpcFrontEnd grpc, HttpFrontEnd http) {

  /**
   * @throws PortTaken naming the port that cannot be had; nothing listens then
   */
  static FrontEnds start(
      ServerConfig config,
      Core core,
      ModelCatalog catalog,
      SloSource slos,
      AdminWiring adminWiring,
      RequestTraces traces,
      NanoClock clock,
      Executor encode,
      Supplier<String> errorIds)
      throws IOException {
    LogbackControl logs = new LogbackControl(adminWiring.logs());
    String version = BuildVersion.current();
    InetAddress host = InetAddress.getByName(config.network().host());
    Telemetry telemetry = adminWiring.telemetry();
    AdminServer admin = adminWiring.start();
    try {
      GrpcParts parts =
          new GrpcParts(core, catalog, slos, traces, clock, logs, errorIds, version, telemetry);
      GrpcFrontEnd grpc =
          onPort(
              config.network().grpcPort(),
              port -> GrpcFrontEnd.start(host, port, Sizes.grpc(config), parts));
      try {
        HttpParts httpParts =
            new HttpParts(core, catalog, traces, clock, logs, encode, errorIds, version, telemetry);
        HttpFrontEnd http =
            onPort(
                config.network().httpPort(),
                port -> HttpFrontEnd.start(host, port, Sizes.http(config), httpParts));
        return new FrontEnds(admin, grpc, http);
      } catch (IOException | RuntimeException failed) {
        stop(grpc);
        throw failed;
      }
    } catch (IOException | RuntimeException failed) {
      admin.close();
      throw failed;
    }
  }

  private interface Start<T> {
    T on(int port) throws IOException;
  }

  private static <T> T onPort(int port, Start<T> start) throws PortTaken {
    try {
      return start.on(port);
    } catch (IOException taken) {
      throw new PortTaken(port, taken);
    }
  }

  private static void stop(GrpcFrontEnd grpc) {
    try {
      grpc.shutdown(Duration.ZERO);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** What takes requests: not ready first, then closed when all of them are answered. */
  Drain.Part grpcPart() {
    return new Drain.Part() {
      @Override
      public void beginDrain() {
        grpc.beginDrain();
      }

      @Override
      public boolean finish(Duration limit) throws InterruptedException {
        return grpc.shutdown(limit);
      }
    };
  }

  Drain.Part httpPart() {
    return new Drain.Part() {
      @Override
      public void beginDrain() {
        http.beginDrain();
      }

      @Override
      public boolean finish(Duration limit) throws InterruptedException {
        return http.shutdown(limit);
      }
    };
  }

  /** To be the last: whoever watches the drain can ask until it is over. */
  Drain.Part adminPart() {
    return limit -> {
      admin.close();
      return true;
    };
  }
}
