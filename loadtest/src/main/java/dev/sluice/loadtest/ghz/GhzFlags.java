// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import static dev.sluice.loadtest.ghz.Flag.NO_LETTER;
import static dev.sluice.loadtest.ghz.Flag.choice;
import static dev.sluice.loadtest.ghz.Flag.flag;
import static dev.sluice.loadtest.ghz.Kind.BOOL;
import static dev.sluice.loadtest.ghz.Kind.BYTES;
import static dev.sluice.loadtest.ghz.Kind.DATA;
import static dev.sluice.loadtest.ghz.Kind.DURATION;
import static dev.sluice.loadtest.ghz.Kind.INT;
import static dev.sluice.loadtest.ghz.Kind.MAP;
import static dev.sluice.loadtest.ghz.Kind.TEXT;
import static dev.sluice.loadtest.ghz.Kind.TEXTS;
import static dev.sluice.loadtest.ghz.Kind.UINT;

import java.util.List;
import java.util.stream.Stream;

/** The flags of ghz, under its names and with its defaults. */
final class GhzFlags {
  private static final List<String> SCHEDULES = List.of("const", "step", "line");
  private static final List<String> FORMATS =
      List.of(
          "summary",
          "csv",
          "json",
          "pretty",
          "html",
          "influx-summary",
          "influx-details",
          "prometheus");

  static final List<Flag> ALL =
      Stream.of(call(), security(), load(), data(), output(), wire())
          .flatMap(List::stream)
          .toList();

  private GhzFlags() {}

  private static List<Flag> call() {
    return List.of(
        flag("config", TEXT, "", "Configuration file: JSON, TOML or YAML").notInFiles(),
        flag("proto", TEXT, "", "The .proto file that has the method"),
        flag("protoset", TEXT, "", "A compiled FileDescriptorSet that has the method"),
        flag("call", TEXT, "", "The method: pkg.Service/Method or pkg.Service.Method"),
        flag("import-paths", 'i', TEXTS, "", "Further folders of imported .proto files, by comma"),
        flag("reflect-metadata", MAP, "", "Metadata of the reflection call, as JSON"),
        flag("name", TEXT, "", "Name of the run"),
        flag("tags", MAP, "", "Tags of the run, as JSON"));
  }

  private static List<Flag> security() {
    return List.of(
        flag("cacert", TEXT, "", "Root certificates that the server's must lead to (PEM)"),
        flag("cert", TEXT, "", "Client certificate (PEM)"),
        flag("key", TEXT, "", "Key of the client certificate (PEM)"),
        flag("cname", TEXT, "", "Name that the server's certificate must have"),
        flag("skipTLS", BOOL, "false", "Do not verify the server's certificate"),
        flag("insecure", BOOL, "false", "Plaintext instead of TLS"),
        flag("authority", TEXT, "", "The :authority of calls"));
  }

  private static List<Flag> load() {
    return List.of(
        flag("async", BOOL, "false", "Do not wait for an answer before the next call"),
        flag("rps", 'r', UINT, "0", "Calls per second in total; 0: as many as there can be"),
        choice("load-schedule", NO_LETTER, SCHEDULES, "How the rate changes"),
        flag("load-start", UINT, "0", "Rate at the start"),
        flag("load-end", UINT, "0", "Rate at the end"),
        flag("load-step", INT, "0", "Change of the rate per step, or per second"),
        flag("load-step-duration", DURATION, "0", "Length of a step"),
        flag("load-max-duration", DURATION, "0", "How long the rate changes"),
        flag("concurrency", 'c', UINT, "50", "Calls at the same time"),
        choice("concurrency-schedule", NO_LETTER, SCHEDULES, "How the concurrency changes"),
        flag("concurrency-start", UINT, "0", "Concurrency at the start").inFiles("1"),
        flag("concurrency-end", UINT, "0", "Concurrency at the end"),
        flag("concurrency-step", INT, "1", "Change of the concurrency per step").inFiles("0"),
        flag("concurrency-step-duration", DURATION, "0", "Length of a step"),
        flag("concurrency-max-duration", DURATION, "0", "How long the concurrency changes"),
        flag("total", 'n', UINT, "200", "Number of calls"),
        flag("timeout", 't', DURATION, "20s", "Deadline of each call; 0: none"),
        flag("duration", 'z', DURATION, "0", "Length of the run, whatever the number of calls"),
        flag("max-duration", 'x', DURATION, "0", "Longest length of the run; -n holds too"),
        choice(
            "duration-stop",
            NO_LETTER,
            List.of("close", "wait", "ignore"),
            "Calls under way at the end of the run: cut off, waited for, or not counted"));
  }

  private static List<Flag> data() {
    return List.of(
        flag("data", 'd', DATA, "", "Call data as JSON; @: read from stdin"),
        flag("data-file", 'D', TEXT, "", "File of call data as JSON"),
        flag("binary", 'b', BOOL, "false", "Read serialized call data from stdin").notInFiles(),
        flag("binary-file", 'B', TEXT, "", "File of serialized call data"),
        flag("metadata", 'm', MAP, "", "Metadata of calls, as JSON"),
        flag("metadata-file", 'M', TEXT, "", "File of metadata as JSON"),
        flag("stream-interval", DURATION, "0", "Time between the messages of a stream"),
        flag("stream-call-duration", DURATION, "0", "Close a stream after this time"),
        flag("stream-call-count", UINT, "0", "Close a stream after this many messages"),
        flag("stream-dynamic-messages", BOOL, "false", "Fill the template for each message anew"),
        flag("disable-template-functions", BOOL, "false", "Templates have no functions"),
        flag("disable-template-data", BOOL, "false", "Call data is no template"));
  }

  private static List<Flag> output() {
    return List.of(
        flag("output", 'o', TEXT, "", "File of the report; otherwise stdout"),
        choice("format", 'O', FORMATS, "Format of the report"),
        flag("skipFirst", UINT, "0", "Leave out the first results"),
        flag("count-errors", BOOL, "false", "Count failed calls in the latencies"),
        flag("cpus", UINT, "0", "Number of CPUs to use; 0: all"),
        flag("debug", TEXT, "", "File of a debug log"));
  }

  private static List<Flag> wire() {
    return List.of(
        flag("connections", UINT, "1", "Number of connections"),
        flag("connect-timeout", DURATION, "10s", "Time to connect"),
        flag("keepalive", DURATION, "0", "Time between pings, and their deadline"),
        flag("enable-compression", 'e', BOOL, "false", "Compress with gzip"),
        flag("lb-strategy", TEXT, "", "Balancing over the addresses of dns:///HOST"),
        flag("max-recv-message-size", BYTES, "2147483647", "Largest answer"),
        flag("max-send-message-size", BYTES, "2147483647", "Largest request"));
  }
}
