// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.sluice.loadtest.call.CallException;
import dev.sluice.loadtest.descriptor.DescriptorException;
import dev.sluice.loadtest.ghz.Help;
import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.ghz.OptionsException;
import dev.sluice.loadtest.report.ReportException;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.run.LoadPlan;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.loadtest.verdict.ExitCodes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code sluice loadtest}, which {@code ghz} is another name of. */
public final class LoadTestCommand {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final Surroundings surroundings;

  public LoadTestCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Runs the command line and returns the exit code; whatever is wrong is told in one line. */
  public int run(List<String> args) throws InterruptedException {
    try {
      if (args.contains("--help") || args.contains("-h")) {
        surroundings.out().print(Help.text("sluice loadtest"));
        return ExitCodes.MET;
      } else if (args.contains("--version") || args.contains("-v")) {
        surroundings.out().println(surroundings.version());
        return ExitCodes.MET;
      } else if (!args.isEmpty() && args.getFirst().equals("merge")) {
        return new MergeCommand(surroundings).run(args.subList(1, args.size()));
      }
      return measure(args);
    } catch (OptionsException e) {
      return told(e, "Try 'sluice loadtest --help'.", USAGE);
    } catch (RunException | DescriptorException | CallException | ReportException e) {
      return told(e, "", FAILED);
    } catch (IOException e) {
      surroundings.err().println("sluice: " + e.getMessage());
      return FAILED;
    } finally {
      surroundings.out().flush();
    }
  }

  private int measure(List<String> args) throws IOException, InterruptedException {
    Options options = Options.read(args, surroundings.processors());
    Demands demands;
    try {
      demands = Demands.read(options);
    } catch (ReportException e) {
      return told(e, "", USAGE);
    }
    Content content = Content.read(options.payload(), surroundings.in());
    LoadPlan plan = Plans.of(options);
    Outputs outputs = Outputs.of(options, surroundings);
    Optional<MethodDescriptor> described = Described.fromFiles(options.method());
    try (outputs;
        Loaded loaded = Loaded.open(options, content, described, surroundings)) {
      new WarmUp(surroundings).run(loaded.calls());
      Session session = Session.of(options, demands, outputs, surroundings);
      ServerWatch watch = ServerWatch.begin(options, loaded.control(), surroundings.err());
      RunResult client =
          options.truth().findMaxRps().isPresent()
              ? new HighestRate(options, demands, session, surroundings.err())
                  .search(loaded, stepped -> Reported.of(stepped, content))
              : session.run(plan, loaded, Reported.of(options, content));
      RunResult run = client.with(watch.end());
      Failures failures = new Failures();
      failures.of("report", () -> outputs.write(run));
      failures.of("golden-record", () -> loaded.keepAnswers(surroundings.err()));
      tell(run);
      failures.end();
      return ExitCodes.of(run.verdicts());
    }
  }

  private void tell(RunResult run) {
    if (run.count() == 0) {
      surroundings
          .err()
          .println("sluice: nothing was measured: no call ended that was due after the warm-up");
    } else if (run.selfCheck() != null && !run.selfCheck().valid()) {
      surroundings
          .err()
          .println("sluice: the run is INVALID: " + String.join("; ", run.selfCheck().reasons()));
    }
  }

  private int told(RuntimeException why, String advice, int code) {
    surroundings.err().println("sluice: " + why.getMessage());
    if (!advice.isEmpty()) {
      surroundings.err().println(advice);
    }
    return code;
  }
}
