// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatus;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Health by the standard protocol, kept in step with the catalog: the whole server under "" and
 * under the names of its two services, each model under {@code model/NAME} and each of its versions
 * under {@code model/NAME/VERSION}. A model that leaves the catalog becomes unknown. Once a drain
 * has begun everything is NOT_SERVING for good.
 *
 * <p>Safe for use by many threads: one lock, so that a slow update never overtakes a newer one.
 */
final class HealthFeed {
  private final Catalog catalog;
  private final List<String> serverNames;
  private final HealthStatusManager manager = new HealthStatusManager();
  private final Set<String> models = new HashSet<>();
  private boolean draining;

  HealthFeed(Catalog catalog, List<String> services) {
    this.catalog = catalog;
    this.serverNames = services;
    manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /** Reads the catalog again; also to be called on its every change. */
  void update() {
    synchronized (this) {
      if (draining) {
        return;
      }
      ServingStatus server = status(catalog.ready());
      manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, server);
      serverNames.forEach(name -> manager.setStatus(name, server));
      Map<String, ServingStatus> now = modelStatuses();
      now.forEach(manager::setStatus);
      models.stream().filter(name -> !now.containsKey(name)).forEach(manager::clearStatus);
      models.clear();
      models.addAll(now.keySet());
    }
  }

  void drain() {
    synchronized (this) {
      if (draining) {
        return;
      }
      draining = true;
      manager.enterTerminalState();
    }
  }

  boolean ready() {
    synchronized (this) {
      return !draining && catalog.ready();
    }
  }

  private Map<String, ServingStatus> modelStatuses() {
    Map<String, ServingStatus> statuses = new HashMap<>();
    for (ModelStatus model : catalog.index()) {
      String name = "model/" + model.name();
      statuses.put(name, status(catalog.modelReady(model.name(), "")));
      if (!model.version().isEmpty()) {
        statuses.put(
            name + "/" + model.version(),
            status(catalog.modelReady(model.name(), model.version())));
      }
    }
    return statuses;
  }

  private static ServingStatus status(boolean ready) {
    return ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }
}
