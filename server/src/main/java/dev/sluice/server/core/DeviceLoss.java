// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what a deployment runs on is lost to this process, as a card is after a fault. Once it is
 * it stays so. Tells the operator once. Safe for any number of threads.
 */
final class DeviceLoss {
  /** For clients, who need not know on what a model runs; the operator is told the cause. */
  static final String TOLD =
      "its device has failed, and works again only when this server is started anew";

  private static final Logger log = LoggerFactory.getLogger(DeviceLoss.class);

  private final String what;
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private volatile Runnable listener = () -> {};

  /**
   * @param what runs there, for the log
   */
  DeviceLoss(String what) {
    this.what = what;
  }

  /** Empty while all is well. */
  Optional<String> reason() {
    return Optional.ofNullable(reason.get());
  }

  /** Has somebody told when it happens, or now where it has: once or, in a race, twice. */
  void onLoss(Runnable told) {
    listener = told;
    if (reason.get() != null) {
      told.run();
    }
  }

  void lost(String why) {
    if (reason.compareAndSet(null, why)) {
      log.error("{} is out of service for good: {}", what, why);
      listener.run();
    }
  }
}
