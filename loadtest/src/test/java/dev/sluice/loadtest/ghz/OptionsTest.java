// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command line, as ghz's users write it. */
final class OptionsTest {
  private static final int PROCESSORS = 12;

  @Test
  void whatIsNotSaidIsAsInGhz() {
    Options options = read();

    Schedule none = new Schedule(Schedule.Shape.CONST, 0, 0, 0, Duration.ZERO, Duration.ZERO);
    Schedule workers = new Schedule(Schedule.Shape.CONST, 0, 0, 1, Duration.ZERO, Duration.ZERO);
    Duration timeout = Duration.ofSeconds(20);
    Duration zero = Duration.ZERO;
    assertThat(options.load())
        .isEqualTo(
            new Load(false, 0, none, 50, workers, 200, timeout, zero, zero, Load.Stop.CLOSE, 0));
    assertThat(options.wire())
        .isEqualTo(
            new Wire(
                1,
                Duration.ofSeconds(10),
                zero,
                false,
                "",
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                PROCESSORS));
    assertThat(options.security())
        .isEqualTo(
            new Security(
                Optional.empty(), Optional.empty(), Optional.empty(), "", false, false, ""));
    assertThat(options.output())
        .isEqualTo(new Output(Optional.empty(), "summary", false, Optional.empty(), "auto"));
    assertThat(options.payload().data()).isEqualTo(new Payload.None());
    assertThat(options.payload().templates()).isTrue();
    assertThat(options.payload().functions()).isTrue();
  }

  @Test
  void shortFormsMeanTheirFlags() {
    Options options =
        read(
            "-n5",
            "-c",
            "3",
            "-z",
            "1m",
            "-x2s",
            "-t0",
            "-r100",
            "-e",
            "-ia,b",
            "-Ojson",
            "-o",
            "out.json",
            "-d{}",
            "-m",
            "{\"k\":\"v\"}");

    assertThat(options.load().concurrency()).isEqualTo(3);
    assertThat(options.load().duration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.load().maxDuration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.load().timeout()).isZero();
    assertThat(options.load().rps()).isEqualTo(100);
    assertThat(options.wire().compression()).isTrue();
    assertThat(options.method().importPaths()).containsExactly(Path.of("a"), Path.of("b"));
    assertThat(options.output().format()).isEqualTo("json");
    assertThat(options.output().file()).contains(Path.of("out.json"));
    assertThat(options.payload().data()).isEqualTo(new Payload.Inline("{}"));
    assertThat(options.payload().metadata()).isEqualTo(new Payload.Inline("{\"k\":\"v\"}"));
  }

  @Test
  void theHostMayStandAnywhere() {
    for (List<String> args :
        List.of(
            List.of("h:1", "--call", "a.B/C", "--insecure"),
            List.of("--insecure", "h:1", "--call=a.B/C"),
            List.of("--call=a.B/C", "--insecure", "--", "h:1"))) {
      Options options = Options.read(args, PROCESSORS);
      assertThat(options.host()).isEqualTo("h:1");
      assertThat(options.security().insecure()).isTrue();
    }
  }

  @Test
  void switchesCanBeNegated() {
    assertThat(read("--no-insecure").security().insecure()).isFalse();
    assertThat(read("-eb").payload().data()).isEqualTo(new Payload.Binary(Optional.empty()));
    refused("unknown long flag '--no-total'", "--no-total");
  }

  @Test
  void aDurationTakesTheCountAwayAndAMaximalDurationDoesNot() {
    assertThat(read("-z", "1s", "-n", "7").load().total()).isEqualTo(Load.UNLIMITED);
    assertThat(read("-x", "1s", "-n", "7").load().total()).isEqualTo(7);
    assertThat(read("-x", "1s").load().total()).isEqualTo(200);
  }

  @Test
  void ofSeveralSourcesTheOneWinsThatWinsInGhz() {
    assertThat(read("-d", "@").payload().data()).isEqualTo(new Payload.JsonFile(Optional.empty()));
    assertThat(read("-d", "{}", "-D", "f").payload().data())
        .isEqualTo(new Payload.JsonFile(Optional.of(Path.of("f"))));
    assertThat(read("-D", "f", "-B", "g").payload().data())
        .isEqualTo(new Payload.Binary(Optional.of(Path.of("g"))));
    assertThat(read("-m", "{\"a\":\"b\"}", "-M", "f").payload().metadata())
        .isEqualTo(new Payload.JsonFile(Optional.of(Path.of("f"))));
  }

  @Test
  void durationsAreGos() {
    Map<String, Duration> durations =
        Map.of(
            "300ms", Duration.ofMillis(300),
            "1.5s", Duration.ofMillis(1500),
            "1h30m", Duration.ofMinutes(90),
            "0", Duration.ZERO,
            ".5s", Duration.ofMillis(500),
            "2us3ns", Duration.ofNanos(2003));
    durations.forEach(
        (text, duration) -> assertThat(read("-t", text).load().timeout()).isEqualTo(duration));
    refused(
        "--timeout wants a duration such as 300ms, 1.5s or 1h30m (a unit is missing), not '5'",
        "-t",
        "5");
    refused("--timeout wants a duration that is not negative, not '-5s'", "--timeout=-5s");
    refused("--timeout wants a duration of up to 100000h, not '9999999h'", "-t", "9999999h");
  }

  @Test
  void sizesAreWrittenByPeople() {
    assertThat(read("--max-recv-message-size", "42 MB").wire().maxReceive()).isEqualTo(42_000_000);
    assertThat(read("--max-send-message-size=1.5MiB").wire().maxSend()).isEqualTo(3 << 19);
    assertThat(read("--max-send-message-size=17").wire().maxSend()).isEqualTo(17);
    refused(
        "--max-send-message-size wants a size of at most 2147483647 bytes, not '2GiB'",
        "--max-send-message-size=2GiB");
  }

  @Test
  void unknownFlagsAreRefusedWithTheNearest() {
    refused("unknown long flag '--concurency'; did you mean --concurrency?", "--concurency=1");
    refused("unknown flag '-insecure'; did you mean --insecure?", "-insecure");
    refused("unknown short flag '-q'", "-q");
    refused("unexpected b (the host is h)", "b");
  }

  @Test
  void valuesMustBeThereOnceAndFit() {
    refused("expected argument for flag '--rps'", "--rps", "--insecure");
    refused("expected argument for flag '--total'", "-n");
    refused("flag '--total' cannot be repeated", "-n1", "-n2");
    refused("--total wants a whole number from 0 to 2147483647, not 'many'", "-nmany");
    refused(
        "--format must be one of summary, csv, json, pretty, html, influx-summary, influx-details,"
            + " prometheus; did you mean pretty?",
        "-Oprety");
    refused("--tags wants a string for \"a\"", "--tags={\"a\":1}");
    refused("output is no path that can be", "-o", "a\0b");
    assertThat(read("--load-step", "-5").load().rate().step()).isEqualTo(-5);
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedInGhzsWords() {
    refused("number of connections cannot be greater than concurrency", "-c2", "--connections=3");
    refused("you cannot skip more requests than those run", "--skipFirst=201");
    refused("cannot use dynamic messages with binary data", "-b", "--stream-dynamic-messages");
    assertThatThrownBy(() -> Options.read(List.of("h"), 1)).hasMessage("call required");
    assertThatThrownBy(() -> Options.read(List.of("--call=a.B.C"), 1)).hasMessage("host required");
  }

  @Test
  void schedulesNeedWhatTheyChangeBy() {
    refused("load-start and load-end must differ", "--load-schedule=line", "--load-step=1");
    String[] line = {"--load-schedule=line", "--load-start=5", "--load-end=9", "--load-step=2"};
    Schedule rate = read(line).load().rate();
    assertThat(rate)
        .isEqualTo(new Schedule(Schedule.Shape.LINE, 5, 9, 2, Duration.ZERO, Duration.ZERO));
    refused("load-step must not be 0", "--load-schedule=line", "--load-start=5");
    refused(
        "load-start must be at least 1", "--load-schedule=line", "--load-end=5", "--load-step=1");
    refused(
        "concurrency-step-duration must not be 0",
        "--concurrency-schedule=step",
        "--concurrency-end=5");
  }

  @Test
  void flagsOfSluiceStandBesideThem() {
    Truth truth =
        read(
                "--arrival=file:t.csv",
                "--slo=p(99)<50",
                "--slo",
                "rps>=5000",
                "--stability=10%/3x5s",
                "--percentiles=50,99.9",
                "--abort-on-fail=3s")
            .truth();

    assertThat(truth.arrival()).isEqualTo(new Truth.Trace(Path.of("t.csv")));
    assertThat(truth.slo()).containsExactly("p(99)<50", "rps>=5000");
    assertThat(truth.stability()).contains(new Truth.Stability(0.1, 3, Duration.ofSeconds(5)));
    assertThat(truth.percentiles()).containsExactly(50.0, 99.9);
    assertThat(truth.abortOnFail()).contains(Duration.ofSeconds(3));
    assertThat(read().truth().abortOnFail()).isEmpty();
    refused("--arrival wants const, poisson or file:PATH, not 'posson'", "--arrival=posson");
    refused(
        "--stability wants TOLERANCE%/WINDOWSxDURATION such as 10%/3x5s, not '3'", "--stability=3");
  }

  private static Options read(String... args) {
    List<String> all = new ArrayList<>(List.of("h", "--call=a.B/C"));
    all.addAll(List.of(args));
    return Options.read(all, PROCESSORS);
  }

  @Test
  void aSearchSetsTheRatesItself() {
    assertThat(read("--find-max-rps=10:500:5", "--slo=avg<1").truth().findMaxRps())
        .contains(new Truth.RateSearch(10, 500, 5));
    refused("find-max-rps needs a threshold: --slo", "--find-max-rps=1:9:1");
    refused("find-max-rps does not go with rps", "--find-max-rps=1:9:1", "--slo=avg<1", "--rps=5");
    refused(
        "find-max-rps does not go with hlog", "--find-max-rps=1:9:1", "--slo=avg<1", "--hlog=h");
  }

  @Test
  void scenariosSetWhatNobodySaid() {
    Options single = read("--scenario=single");
    assertThat(single.load().concurrency()).isEqualTo(1);
    assertThat(single.load().duration()).isEqualTo(Duration.ofMinutes(10));
    assertThat(read("--scenario=single", "-n9").load().duration()).isZero();
    assertThat(read("--scenario=single", "-z9s").load().duration())
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(read("--scenario=multi").inference().inputs()).isEqualTo(8);
    assertThat(read("--scenario=multi", "--inputs=4").inference().inputs()).isEqualTo(4);
    Options server = read("--scenario=server", "-r9", "--slo=p(99)<9");
    assertThat(server.truth().arrival()).isEqualTo(new Truth.Poisson());
    assertThat(server.load().async()).isTrue();
    Options offline = read("--scenario=offline");
    assertThat(offline.load().total()).isEqualTo(24_576);
    assertThat(offline.load().async()).isTrue();
    refused(
        "scenario single has one call at a time: no rate, and a concurrency of 1",
        "--scenario=single",
        "-c2");
    refused(
        "scenario server needs a rate: --rps or --find-max-rps",
        "--scenario=server",
        "--arrival=const");
    refused("scenario server needs a threshold: --slo 'p(99)<...'", "--scenario=server", "-r9");
    refused("scenario offline sends all calls at once: no rate", "--scenario=offline", "--rps=5");
  }

  private static void refused(String message, String... args) {
    assertThatThrownBy(() -> read(args)).isInstanceOf(OptionsException.class).hasMessage(message);
  }
}
