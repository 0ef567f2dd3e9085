// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What fits each by itself must fit together too; worded as ghz words it where it does. */
final class OptionsCheck {
  private OptionsCheck() {}

  static void check(Options options) {
    Load load = options.load();
    inference(options);
    require(
        !options.method().call().isEmpty() || options.inference().target().isPresent(),
        "call required");
    require(!options.host().isEmpty(), "host required");
    require(load.total() >= 1, "total must be at least 1");
    require(load.concurrency() >= 1, "concurrency must be at least 1");
    require(options.wire().connections() >= 1, "connections must be at least 1");
    require(
        options.wire().connections() <= mostWorkers(load),
        "number of connections cannot be greater than concurrency");
    require(load.skipFirst() <= load.total(), "you cannot skip more requests than those run");
    require(
        !(options.payload().streaming().dynamicMessages()
            && options.payload().data() instanceof Payload.Binary),
        "cannot use dynamic messages with binary data");
    schedule("load", load.rate());
    require(
        load.rate().shape() == Schedule.Shape.CONST || load.rate().start() >= 1,
        "load-start must be at least 1");
    schedule("concurrency", load.workers());
    require(
        !(options.truth().arrival() instanceof Truth.Poisson)
            || load.rps() > 0
            || load.rate().shape() != Schedule.Shape.CONST
            || options.truth().findMaxRps().isPresent(),
        "arrival poisson needs a rate: --rps or --load-schedule");
    require(
        options.truth().abortOnFail().isEmpty() || !options.truth().slo().isEmpty(),
        "abort-on-fail needs a threshold: --slo");
    search(options);
    String scenario = Scenario.problem(options);
    require(scenario.isEmpty(), "scenario " + options.truth().scenario() + " " + scenario);
    files(options);
  }

  private static void inference(Options options) {
    Inference inference = options.inference();
    if (inference.target().isPresent()) {
      require(options.method().call().isEmpty(), "target does not go with call");
      boolean data = options.payload().data() instanceof Payload.None;
      require(data, "target does not go with data: --corpus has what is sent");
      boolean oip = inference.target().get() == Inference.Target.OIP;
      require(inference.values().isEmpty() || oip, "values needs the target oip");
      require(
          inference.values().isEmpty() || inference.corpus().isEmpty(),
          "values does not go with corpus");
      boolean one = inference.target().get() != Inference.Target.TEI || inference.inputs() == 1;
      require(one, "inputs must be 1: a message of tei has one");
      boolean http = inference.target().get().http();
      require(!http || !inference.serverStatistics(), "server-stats needs gRPC");
    } else {
      require(inference.corpus().isEmpty(), "corpus needs a target");
      require(inference.golden().isEmpty(), "golden needs a target");
      require(inference.goldenRecord().isEmpty(), "golden-record needs a target");
      require(inference.mixes().isEmpty(), "mix needs a target");
      require(inference.values().isEmpty(), "values needs the target oip");
    }
    require(
        inference.golden().isEmpty() || inference.goldenRecord().isEmpty(),
        "golden does not go with golden-record");
  }

  /** A search sets the rates itself, and makes many runs. */
  private static void search(Options options) {
    Truth truth = options.truth();
    if (truth.findMaxRps().isEmpty()) {
      return;
    }
    Load load = options.load();
    String with = "find-max-rps does not go with ";
    require(!truth.slo().isEmpty(), "find-max-rps needs a threshold: --slo");
    require(load.rps() == 0, with + "rps");
    require(load.rate().shape() == Schedule.Shape.CONST, with + "load-schedule");
    require(load.workers().shape() == Schedule.Shape.CONST, with + "concurrency-schedule");
    require(!(truth.arrival() instanceof Truth.Trace), with + "arrival file");
    require(truth.stability().isEmpty(), with + "stability");
    require(truth.hlog().isEmpty(), with + "hlog");
    require(truth.baseline().isEmpty(), with + "baseline");
    require(options.inference().serverAdmin().isEmpty(), with + "server-admin");
  }

  private static int mostWorkers(Load load) {
    Schedule workers = load.workers();
    return workers.shape() == Schedule.Shape.CONST
        ? load.concurrency()
        : Math.max(workers.start(), workers.end());
  }

  private static void schedule(String name, Schedule schedule) {
    if (schedule.shape() == Schedule.Shape.CONST) {
      return;
    }
    require(schedule.start() != schedule.end(), name + "-start and " + name + "-end must differ");
    require(schedule.step() != 0, name + "-step must not be 0");
    require(
        schedule.shape() != Schedule.Shape.STEP
            || schedule.stepDuration().compareTo(Duration.ZERO) > 0,
        name + "-step-duration must not be 0");
    require(
        schedule.end() == 0 || (schedule.step() > 0) == (schedule.end() > schedule.start()),
        name + "-step must lead from " + name + "-start to " + name + "-end");
  }

  private static void files(Options options) {
    Optional<Path> proto = options.method().proto();
    require(
        proto.isEmpty() || proto.get().toString().endsWith(".proto"),
        "proto: must end in .proto: " + proto.map(Path::toString).orElse(""));
    Security security = options.security();
    require(
        security.cert().isPresent() == security.key().isPresent(),
        "cert and key must be given together");
    require(
        options.truth().maxRegress().isEmpty() || options.truth().baseline().isPresent(),
        "max-regress needs a baseline");
  }

  private static void require(boolean fits, String message) {
    if (!fits) {
      throw new OptionsException(message);
    }
  }
}
