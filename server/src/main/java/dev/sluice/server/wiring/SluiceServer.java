// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import ch.qos.logback.classic.Logger;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.cli.BuildVersion;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.Core;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.lifecycle.Drain;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.transport.admin.AdminServer;
import dev.sluice.server.transport.grpc.GrpcFrontEnd;
import dev.sluice.server.transport.grpc.GrpcParts;
import dev.sluice.server.transport.grpc.LogbackControl;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A whole server: made from a configuration, started, drained. */
public final class SluiceServer {
  private static final NanoClock CLOCK = System::nanoTime;

  private final ServerConfig config;
  private final Threads threads;
  private final CatalogWiring wiring;
  private final ModelCatalog catalog;
  private final GrpcFrontEnd grpc;
  private final AdminServer admin;

  private SluiceServer(
      ServerConfig config,
      Threads threads,
      CatalogWiring wiring,
      ModelCatalog catalog,
      GrpcFrontEnd grpc,
      AdminServer admin) {
    this.config = config;
    this.threads = threads;
    this.wiring = wiring;
    this.catalog = catalog;
    this.grpc = grpc;
    this.admin = admin;
  }

  /**
   * Listens, not ready; {@link #load} is what makes it so.
   *
   * @throws IOException when a port cannot be had; {@link PortTaken} if it is the admin port
   */
  public static SluiceServer start(ServerConfig config) throws IOException {
    ErrorIds errorIds = new ErrorIds();
    Threads threads = new Threads(Sizes.encodeThreads(config));
    Telemetry telemetry = new Telemetry(System::currentTimeMillis);
    AdminServer admin = null;
    try {
      CatalogWiring wiring = new CatalogWiring(config, threads, CLOCK, errorIds, telemetry);
      ModelCatalog catalog = wiring.create();
      Core core =
          new Core(catalog, Sizes.limits(config), CLOCK, threads.encode, errorIds, telemetry);
      Logger logs = (Logger) LoggerFactory.getLogger("dev.sluice");
      admin = new AdminWiring(config, threads, catalog, telemetry, logs).start();
      GrpcFrontEnd grpc =
          GrpcFrontEnd.start(
              InetAddress.getByName(config.network().host()),
              config.network().grpcPort(),
              Sizes.grpc(config),
              new GrpcParts(
                  core,
                  catalog,
                  CLOCK,
                  new LogbackControl(logs),
                  errorIds,
                  BuildVersion.current()));
      return new SluiceServer(config, threads, wiring, catalog, grpc, admin);
    } catch (IOException | RuntimeException failed) {
      if (admin != null) {
        admin.close();
      }
      threads.close();
      throw failed;
    }
  }

  /** Loads what there is to load; completes when each model serves or has been given up. */
  public CompletableFuture<Void> load() {
    return catalog.start();
  }

  public int grpcPort() {
    return grpc.port();
  }

  public int adminPort() {
    return admin.port();
  }

  public boolean ready() {
    return catalog.ready();
  }

  /** Every model version that is known, with its state. */
  public List<ModelStatus> models() {
    return catalog.index();
  }

  /** A line per version that serves: name, version, variant, task, device, lanes. */
  public List<List<String>> serving() {
    return catalog.serving();
  }

  /** Calls the listener after every change of a model's state, on any thread. */
  public void onModelChange(Runnable listener) {
    catalog.onChange(listener);
  }

  /**
   * Ends the server without losing what it accepted; see {@link Drain}.
   *
   * @return whether everything accepted was answered
   */
  public boolean drain() throws InterruptedException {
    Drain drain =
        new Drain(
            List.of(
                new FrontEndPart(grpc, catalog),
                new ModelsPart(catalog, wiring::stopProbes, threads.modelLoader, CLOCK),
                new AdminPart(admin)),
            config.lifecycle().drainDelay(),
            config.lifecycle().drainLimit(),
            CLOCK,
            pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()));
    try {
      return drain.run();
    } finally {
      threads.close();
    }
  }

  /** Last: whoever watches the drain can ask until it is over. */
  private record AdminPart(AdminServer admin) implements Drain.Part {
    @Override
    public boolean finish(Duration limit) {
      admin.close();
      return true;
    }
  }

  private record FrontEndPart(GrpcFrontEnd grpc, ModelCatalog catalog) implements Drain.Part {
    @Override
    public void beginDrain() {
      catalog.beginDrain();
      grpc.beginDrain();
    }

    @Override
    public boolean finish(Duration limit) throws InterruptedException {
      return grpc.shutdown(limit);
    }
  }
}
