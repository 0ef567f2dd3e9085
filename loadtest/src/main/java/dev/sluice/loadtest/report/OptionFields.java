// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.Schedule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options under ghz's keys and in its order; what JSON writes and Prometheus labels show. */
final class OptionFields {
  private final List<Field> fields = new ArrayList<>();

  private OptionFields() {}

  /**
   * @param always there even when it is empty
   */
  record Field(String key, @Nullable Object value, boolean always) {
    boolean written() {
      return always || !empty();
    }

    private boolean empty() {
      return value == null
          || value.equals("")
          || value.equals(0L)
          || value.equals(false)
          || (value instanceof List<?> list && list.isEmpty());
    }
  }

  static List<Field> of(ReportedOptions options) {
    OptionFields all = new OptionFields();
    all.targetAndSecurity(options.target(), options.security());
    all.load(options.load());
    all.rest(options);
    return all.fields;
  }

  private void targetAndSecurity(ReportedOptions.Target target, ReportedOptions.Security security) {
    given("call", target.call());
    given("host", target.host());
    given("proto", target.proto());
    given("protoset", target.protoset());
    given("import-paths", target.importPaths());
    given("enable-compression", target.compression());
    given("cacert", security.caCert());
    given("cert", security.cert());
    given("key", security.key());
    given("cname", security.commonName());
    given("skipTLS", security.skipTls());
    always("insecure", security.insecure());
    given("authority", security.authority());
  }

  private void load(ReportedOptions.Load load) {
    given("rps", load.rps());
    schedule("load", load.schedule());
    given("concurrency", load.concurrency());
    schedule("concurrency", load.concurrencySchedule());
    given("total", load.total());
    given("async", load.async());
    given("connections", load.connections());
  }

  private void rest(ReportedOptions options) {
    given("duration", options.limits().durationNanos());
    given("timeout", options.limits().timeoutNanos());
    given("dial-timeout", options.limits().connectTimeoutNanos());
    given("keepalive", options.limits().keepaliveNanos());
    // ghz leaves out what is null, and only that
    if (options.payload().data() != null) {
      always("data", options.payload().data());
    }
    always("binary", options.payload().binary());
    if (options.payload().metadata() != null) {
      always("metadata", options.payload().metadata());
    }
    always("CPUs", (long) options.cpus());
    given("name", options.name());
    given("skipFirst", options.skipFirst());
    given("count-errors", options.countErrors());
  }

  private void schedule(String prefix, Schedule schedule) {
    always(prefix + "-schedule", schedule.kind());
    always(prefix + "-start", schedule.start());
    always(prefix + "-end", schedule.end());
    always(prefix + "-step", schedule.step());
    always(prefix + "-step-duration", schedule.stepNanos());
    always(prefix + "-max-duration", schedule.maxNanos());
  }

  private void given(String key, Object value) {
    fields.add(new Field(key, value, false));
  }

  private void always(String key, Object value) {
    fields.add(new Field(key, value, true));
  }
}
