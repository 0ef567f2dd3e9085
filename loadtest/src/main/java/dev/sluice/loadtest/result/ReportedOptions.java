// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run as a report states them; an empty text or a zero is "not given". The
 * report's keys for them, in ghz's order, are in {@code dev.sluice.loadtest.report.OptionFields}.
 */
public record ReportedOptions(
    Target target,
    Security security,
    Load load,
    Limits limits,
    Payload payload,
    int cpus,
    String name,
    long skipFirst,
    boolean countErrors) {
  public static final ReportedOptions NONE =
      new ReportedOptions(
          Target.NONE, Security.NONE, Load.NONE, Limits.NONE, Payload.NONE, 0, "", 0, false);

  public ReportedOptions with(Target other) {
    return new ReportedOptions(
        other, security, load, limits, payload, cpus, name, skipFirst, countErrors);
  }

  public ReportedOptions with(Load other) {
    return new ReportedOptions(
        target, security, other, limits, payload, cpus, name, skipFirst, countErrors);
  }

  public ReportedOptions with(Payload other) {
    return new ReportedOptions(
        target, security, load, limits, other, cpus, name, skipFirst, countErrors);
  }

  /** What is called, and where its descriptor came from. */
  public record Target(
      String call,
      String host,
      String proto,
      String protoset,
      List<String> importPaths,
      boolean compression) {
    public static final Target NONE = new Target("", "", "", "", List.of(), false);

    public Target {
      importPaths = List.copyOf(importPaths);
    }
  }

  /** How the connection is protected. */
  public record Security(
      String caCert,
      String cert,
      String key,
      String commonName,
      boolean skipTls,
      boolean insecure,
      String authority) {
    public static final Security NONE = new Security("", "", "", "", false, false, "");
  }

  /** How much is sent, and when. */
  public record Load(
      long rps,
      Schedule schedule,
      long concurrency,
      Schedule concurrencySchedule,
      long total,
      boolean async,
      long connections) {
    public static final Load NONE = new Load(0, Schedule.NONE, 0, Schedule.NONE, 0, false, 0);
  }

  /** Durations that bound a run or a call, in nanoseconds. */
  public record Limits(
      long durationNanos, long timeoutNanos, long connectTimeoutNanos, long keepaliveNanos) {
    public static final Limits NONE = new Limits(0, 0, 0, 0);
  }

  /**
   * What was sent.
   *
   * @param data a JSON value as {@code report.JsonTree} reads it; null is "no data"
   */
  public record Payload(
      @Nullable Object data, boolean binary, @Nullable Map<String, String> metadata) {
    public static final Payload NONE = new Payload(null, false, null);

    public Payload {
      metadata = metadata == null ? null : Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
  }
}
