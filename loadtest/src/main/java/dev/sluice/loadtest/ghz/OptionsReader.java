// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import dev.sluice.loadtest.ghz.Payload.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values by flag become the records of {@link Options}. */
final class OptionsReader {
  private static final String STDIN = "@";

  private OptionsReader() {}

  static Options read(List<String> args, int processors) {
    Arguments.Given given = Arguments.read(args);
    Optional<Arguments.Given> file =
        new Values(given.values(), Optional.empty()).path("config").map(ConfigFile::read);
    Values values = new Values(given.values(), file.map(Arguments.Given::values));
    String host =
        given.host().isEmpty() ? file.map(Arguments.Given::host).orElse("") : given.host();
    return new Options(
        host,
        values.text("name"),
        values.map("tags"),
        method(values),
        security(values),
        load(values),
        payload(values),
        wire(values, processors),
        new Output(
            values.path("output"),
            values.text("format"),
            values.on("count-errors"),
            values.path("debug"),
            values.text("progress")),
        TruthReader.read(values),
        InferenceReader.read(values));
  }

  private static Method method(Values values) {
    return new Method(
        values.text("call"),
        values.path("proto"),
        values.paths("import-paths"),
        values.path("protoset"),
        values.map("reflect-metadata"));
  }

  private static Security security(Values values) {
    return new Security(
        values.path("cacert"),
        values.path("cert"),
        values.path("key"),
        values.text("cname"),
        values.on("skipTLS"),
        values.on("insecure"),
        values.text("authority"));
  }

  private static Load load(Values values) {
    Duration duration = values.duration("duration");
    boolean counted = duration.isZero() && (values.set("total") || !endsByItself(values));
    return new Load(
        values.on("async"),
        values.number("rps"),
        schedule(values, "load"),
        values.number("concurrency"),
        schedule(values, "concurrency"),
        counted ? values.number("total") : Load.UNLIMITED,
        values.duration("timeout"),
        duration,
        values.duration("max-duration"),
        Load.Stop.valueOf(upper(values.text("duration-stop"))),
        values.number("skipFirst"));
  }

  /** A recording is over at its end, and a run that is to be stable once it is. */
  private static boolean endsByItself(Values values) {
    return values.text("arrival").startsWith(TruthReader.FILE)
        || !values.text("stability").isEmpty();
  }

  private static Schedule schedule(Values values, String of) {
    return new Schedule(
        Schedule.Shape.valueOf(upper(values.text(of + "-schedule"))),
        values.number(of + "-start"),
        values.number(of + "-end"),
        values.number(of + "-step"),
        values.duration(of + "-step-duration"),
        values.duration(of + "-max-duration"));
  }

  private static Payload payload(Values values) {
    return new Payload(
        data(values),
        metadata(values),
        new Payload.Streaming(
            values.duration("stream-interval"),
            values.duration("stream-call-duration"),
            values.number("stream-call-count"),
            values.on("stream-dynamic-messages")),
        !values.on("disable-template-functions"),
        !values.on("disable-template-data"));
  }

  /** Binary wins over JSON, and files over what is given in place. */
  private static Source data(Values values) {
    Optional<Path> binary = values.path("binary-file");
    Optional<Path> file = values.path("data-file");
    String data = values.text("data");
    if (binary.isPresent() || values.on("binary")) {
      return new Payload.Binary(binary);
    } else if (file.isPresent() || data.equals(STDIN)) {
      return new Payload.JsonFile(file);
    }
    return data.isEmpty() ? new Payload.None() : new Payload.Inline(data);
  }

  private static Source metadata(Values values) {
    Optional<Path> file = values.path("metadata-file");
    if (file.isPresent()) {
      return new Payload.JsonFile(file);
    }
    return values.map("metadata").isEmpty()
        ? new Payload.None()
        : new Payload.Inline(Parsers.json(values.map("metadata")));
  }

  private static Wire wire(Values values, int processors) {
    int cpus = values.number("cpus");
    return new Wire(
        values.number("connections"),
        values.duration("connect-timeout"),
        values.duration("keepalive"),
        values.on("enable-compression"),
        values.text("lb-strategy"),
        values.number("max-recv-message-size"),
        values.number("max-send-message-size"),
        cpus == 0 ? processors : cpus);
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
