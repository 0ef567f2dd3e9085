// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.inference.ModelCounts;
import dev.sluice.loadtest.inference.ServerDurations;
import dev.sluice.loadtest.result.ServerStatistics;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Asks the server what it measured before a run and after it, if that was asked for. */
final class ServerWatch {
  private final Options options;
  private final @Nullable Channel control;
  private final PrintWriter told;
  private final Optional<ModelCounts> counts;
  private final Optional<ServerDurations> durations;

  private ServerWatch(Options options, @Nullable Channel control, PrintWriter told) {
    this.options = options;
    this.control = control;
    this.told = told;
    this.counts = askCounts();
    this.durations = askDurations();
  }

  static ServerWatch begin(Options options, @Nullable Channel control, PrintWriter told) {
    return new ServerWatch(options, control, told);
  }

  /** What the server did meanwhile, for whomever; nothing where it does not tell. */
  ServerStatistics end() {
    Optional<Histogram> meanwhile =
        durations.flatMap(before -> askDurations().flatMap(after -> after.since(before)));
    return counts
        .flatMap(before -> askCounts().map(after -> after.since(before)))
        .orElse(ServerStatistics.NONE)
        .with(meanwhile);
  }

  private Optional<ModelCounts> askCounts() {
    if (!options.inference().serverStatistics() || control == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ModelCounts.ask(control, options.inference().model(), patience()));
    } catch (StatusRuntimeException e) {
      told.println("sluice: the server tells no statistics: " + e.getStatus().getCode());
      return Optional.empty();
    }
  }

  private Optional<ServerDurations> askDurations() {
    Optional<URI> admin = options.inference().serverAdmin();
    if (admin.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ServerDurations.ask(admin.get(), options.inference().model(), patience()));
    } catch (IOException e) {
      told.println("sluice: the server tells no percentiles: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Duration patience() {
    return options.wire().connectTimeout();
  }
}
