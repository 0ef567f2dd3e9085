// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.ghz.Load;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.Security;
import dev.sluice.loadtest.report.JsonTree;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.Schedule;
import dev.sluice.loadtest.run.RunLabels;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Options as a report states them. */
public final class Reported {
  private Reported() {}

  public static RunLabels of(Options options, Content content) {
    Load load = options.load();
    ReportedOptions reported =
        new ReportedOptions(
            target(options),
            security(options.security()),
            load(options),
            new ReportedOptions.Limits(
                load.duration().isZero() ? load.maxDuration().toNanos() : load.duration().toNanos(),
                load.timeout().toNanos(),
                options.wire().connectTimeout().toNanos(),
                options.wire().keepalive().toNanos()),
            payload(content),
            options.wire().cpus(),
            options.name(),
            load.skipFirst(),
            options.output().countErrors());
    return new RunLabels(reported, options.tags());
  }

  private static ReportedOptions.Target target(Options options) {
    return new ReportedOptions.Target(
        options.inference().target().map(Inference.Target::call).orElse(options.method().call()),
        options.host(),
        text(options.method().proto()),
        text(options.method().protoset()),
        options.method().importPaths().stream().map(Path::toString).toList(),
        options.wire().compression());
  }

  private static ReportedOptions.Security security(Security security) {
    return new ReportedOptions.Security(
        text(security.cacert()),
        text(security.cert()),
        text(security.key()),
        security.cname(),
        security.skipTls(),
        security.insecure(),
        security.authority());
  }

  private static ReportedOptions.Load load(Options options) {
    Load load = options.load();
    return new ReportedOptions.Load(
        load.rps(),
        schedule(load.rate()),
        load.concurrency(),
        schedule(load.workers()),
        load.total(),
        load.async(),
        options.wire().connections());
  }

  private static Schedule schedule(dev.sluice.loadtest.ghz.Schedule schedule) {
    return new Schedule(
        schedule.shape().name().toLowerCase(Locale.ROOT),
        schedule.start(),
        schedule.end(),
        schedule.step(),
        schedule.stepDuration().toNanos(),
        schedule.maxDuration().toNanos());
  }

  private static ReportedOptions.Payload payload(Content content) {
    return new ReportedOptions.Payload(
        tree("data", content.json()), content.binary().isPresent(), metadata(content.metadata()));
  }

  private static @Nullable Map<String, String> metadata(String json) {
    if (!(tree("metadata", json) instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, String> strings = new TreeMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
    return strings;
  }

  /** Templates need not be JSON before they are filled; they are shown as they are. */
  private static @Nullable Object tree(String what, String json) {
    if (json.isEmpty()) {
      return null;
    }
    try {
      return JsonTree.parse(what, json);
    } catch (ReportException notYet) {
      return json;
    }
  }

  private static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }
}
