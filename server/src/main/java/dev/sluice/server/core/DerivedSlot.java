// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.fidelity.Fidelity;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One variant that is made of a version's own model: where it stands, and what serves once it is
 * ready. Written by holders of the lock of its {@link VersionVariants}, read by anybody.
 */
final class DerivedSlot {
  private final String name;
  private volatile VariantStatus status;
  private volatile @Nullable Deployment deployment;
  private @Nullable Future<?> making;

  DerivedSlot(String name) {
    this.name = name;
    this.status = new VariantStatus(name, VariantStatus.State.OFFERED);
  }

  String name() {
    return name;
  }

  VariantStatus status() {
    return status;
  }

  /** Null unless it serves. */
  @Nullable Deployment deployment() {
    return deployment;
  }

  void queued(Future<?> work) {
    making = work;
    become(new VariantStatus(name, VariantStatus.State.QUEUED));
  }

  void making(String step, double share) {
    become(new VariantStatus(name, VariantStatus.State.MAKING, step, share, "", null));
  }

  void loading(Fidelity fidelity) {
    become(new VariantStatus(name, VariantStatus.State.LOADING, "", 1, "", fidelity));
  }

  void refused(String reason, @Nullable Fidelity fidelity) {
    become(new VariantStatus(name, VariantStatus.State.REFUSED, "", 0, reason, fidelity));
  }

  void ready(Deployment made, Fidelity fidelity) {
    deployment = made;
    become(new VariantStatus(name, VariantStatus.State.READY, "", 1, "", fidelity));
  }

  /** Whoever makes it is interrupted; what waits for its turn never gets it. */
  void cancel() {
    if (making != null) {
      making.cancel(true);
    }
  }

  private void become(VariantStatus next) {
    if (!status.state().mayBecome(next.state())) {
      throw new IllegalStateException(
          "variant '" + name + "' cannot become " + next.state() + " from " + status.state());
    }
    status = next;
  }
}
