// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import ch.qos.logback.classic.Logger;
import dev.sluice.batching.NanoClock;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.core.Core;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.ServedVersion;
import dev.sluice.server.lifecycle.Drain;
import dev.sluice.server.telemetry.Telemetry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A whole server: made from a configuration, started, drained. */
public final class SluiceServer {
  private final ServerConfig config;
  private final NanoClock clock;
  private final Threads threads;
  private final CatalogWiring wiring;
  private final ModelCatalog catalog;
  private final RequestWiring requests;
  private final FrontEnds frontEnds;
  private final SloWiring slos;

  private SluiceServer(
      ServerConfig config,
      NanoClock clock,
      Threads threads,
      CatalogWiring wiring,
      ModelCatalog catalog,
      RequestWiring requests,
      FrontEnds frontEnds,
      SloWiring slos) {
    this.config = config;
    this.clock = clock;
    this.threads = threads;
    this.wiring = wiring;
    this.catalog = catalog;
    this.requests = requests;
    this.frontEnds = frontEnds;
    this.slos = slos;
  }

  /**
   * Listens, not ready; {@link #load} is what makes it so.
   *
   * @param environment what {@code OTEL_} variables are taken from
   * @throws IOException when a port cannot be had, naming it
   */
  public static SluiceServer start(ServerConfig config, Map<String, String> environment)
      throws IOException {
    return start(config, environment, Surroundings.REAL);
  }

  /** As {@link #start(ServerConfig, Map)}. */
  public static SluiceServer start(
      ServerConfig config, Map<String, String> environment, Surroundings surroundings)
      throws IOException {
    NanoClock clock = surroundings.clock();
    ErrorIds errorIds = new ErrorIds();
    Threads threads = new Threads(Sizes.encodeThreads(config));
    Telemetry telemetry = new Telemetry(System::currentTimeMillis);
    RequestWiring requests = RequestWiring.start(config.logging(), environment, threads, clock);
    Logger logs = (Logger) LoggerFactory.getLogger("dev.sluice");
    try {
      VariantMaker maker =
          surroundings.maker().orElseGet(() -> new VariantWiring(config, threads).maker());
      CatalogWiring wiring =
          new CatalogWiring(config, threads, surroundings, errorIds, telemetry, maker);
      ModelCatalog catalog = wiring.create();
      Core core =
          new Core(catalog, Sizes.limits(config), clock, threads.encode, errorIds, telemetry);
      SloWiring slos = SloWiring.start(config.slo(), telemetry, surroundings.judgeClock(), threads);
      AdminWiring admin = new AdminWiring(config, threads, catalog, telemetry, slos.book(), logs);
      FrontEnds frontEnds =
          FrontEnds.start(
              config,
              core,
              catalog,
              slos,
              admin,
              requests.traces(),
              clock,
              threads.encode,
              errorIds);
      return new SluiceServer(config, clock, threads, wiring, catalog, requests, frontEnds, slos);
    } catch (IOException | RuntimeException failed) {
      requests.close();
      threads.close();
      throw failed;
    }
  }

  /** Loads what there is to load; completes when each model serves or has been given up. */
  public CompletableFuture<Void> load() {
    return catalog.start().whenComplete((loaded, failed) -> slos.warnOfUnknown(catalog.index()));
  }

  public int httpPort() {
    return frontEnds.http().port();
  }

  public int grpcPort() {
    return frontEnds.grpc().port();
  }

  public int adminPort() {
    return frontEnds.admin().port();
  }

  public boolean ready() {
    return catalog.ready();
  }

  /** Why it must be started again to serve all that it should; empty if it need not. */
  public Optional<String> lost() {
    return catalog.lost();
  }

  /** Every model version that is known, with its state. */
  public List<ModelStatus> models() {
    return catalog.index();
  }

  /** Every version that serves, by name and then version. */
  public List<ServedVersion> serving() {
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
    ModelsPart models =
        new ModelsPart(
            catalog, wiring::stopTrials, List.of(threads.modelLoader, threads.variantMaker), clock);
    Drain drain =
        new Drain(
            List.of(
                frontEnds.grpcPart(),
                frontEnds.httpPart(),
                models,
                requests,
                frontEnds.adminPart()),
            config.lifecycle().drainDelay(),
            config.lifecycle().drainLimit(),
            clock,
            pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()));
    catalog.beginDrain();
    try {
      return drain.run();
    } finally {
      threads.close();
    }
  }
}
