// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import ch.qos.logback.classic.Logger;
import dev.sluice.server.cli.BuildVersion;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.VariantFamilies;
import dev.sluice.server.slo.SloBook;
import dev.sluice.server.slo.SloFamilies;
import dev.sluice.server.telemetry.Exposition;
import dev.sluice.server.telemetry.GaugeSource;
import dev.sluice.server.telemetry.HistogramLogs;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.admin.AdminParts;
import dev.sluice.server.transport.admin.AdminServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The admin port, and the timer of what it shows. */
record AdminWiring(
    ServerConfig config,
    Threads threads,
    ModelCatalog catalog,
    Telemetry telemetry,
    SloBook slos,
    Logger logs) {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(AdminWiring.class);

  AdminServer start() throws IOException {
    HistogramLogs histograms = new HistogramLogs(telemetry);
    AdminParts parts =
        new AdminParts(
            new Exposition(
                telemetry, this::more, AdminServer::networkBufferBytes, BuildVersion.current()),
            histograms,
            slos::report,
            catalog::lost,
            catalog::ready,
            () -> ModelTree.of(catalog),
            new LogLevels(logs),
            telemetry);
    int port = config.network().adminPort();
    try {
      AdminServer server =
          AdminServer.start(
              InetAddress.getByName(config.network().host()), port, Sizes.admin(config), parts);
      turnIntervals(histograms);
      return server;
    } catch (IOException taken) {
      throw new PortTaken(port, taken);
    }
  }

  private void more(GaugeSource.Gauges out) {
    new SloFamilies(slos).write(out);
    new VariantFamilies(catalog::serving).write(out);
  }

  private void turnIntervals(HistogramLogs histograms) {
    long nanos = config.telemetry().interval().toNanos();
    // Never fails: what cannot be written is logged, and tried again with the next interval.
    var unused =
        threads.telemetry.scheduleAtFixedRate(
            () -> turn(histograms), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void turn(HistogramLogs histograms) {
    try {
      telemetry.turn();
      if (config.telemetry().hlogFile().isPresent()) {
        Path file = config.telemetry().hlogFile().get();
        histograms.append(file);
      }
    } catch (IOException | RuntimeException failed) {
      log.warn("the histograms of an interval could not be kept", failed);
    }
  }
}
