// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.server.config.Quantities;
import dev.sluice.server.transport.client.SloClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code sluice slo-check}: asks a running server whether its models meet their objectives. */
final class SloCheckCommand {
  private static final String JSON = "--json";
  private static final Pattern URL =
      Pattern.compile("http://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,60}])(:[0-9]{1,5})?/?");
  private static final int MOST_PORT = 65_535;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  SloCheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec =
        Sluice.command("slo-check", "Ask a running server whether objectives are met.", this::call);
    spec.addOption(text("--url", "URL", "its admin port (http://127.0.0.1:8002)"));
    spec.addOption(text("--model", "NAME", "one model instead of all"));
    spec.addOption(text("--timeout", "DURATION", "how long to wait for the answer (5s)"));
    spec.addOption(
        OptionSpec.builder(JSON).description("Print the answer as one line of JSON").build());
    spec.usageMessage()
        .footer(
            "",
            "Exit code 0: all are met. 99: at least one is not. 98: none is broken, but there",
            "is too little to tell of one, or no objective. 1: no answer.",
            "",
            "Examples:",
            "  sluice slo-check",
            "  sluice slo-check --url http://10.0.0.7:8002 --model all-minilm-l6-v2 --json");
  }

  CommandSpec spec() {
    return spec;
  }

  private static OptionSpec text(String flag, String label, String help) {
    return OptionSpec.builder(flag).type(String.class).paramLabel(label).description(help).build();
  }

  private int call() throws InterruptedException {
    ParseResult parsed = spec.commandLine().getParseResult();
    URI url = url(parsed.matchedOptionValue("--url", "http://127.0.0.1:8002"));
    Optional<Duration> timeout = Quantities.duration(parsed.matchedOptionValue("--timeout", "5s"));
    if (timeout.filter(value -> !value.isZero()).isEmpty()) {
      throw usage("--timeout must be a duration such as 500ms or 5s");
    }
    String model = parsed.matchedOptionValue("--model", "");
    return switch (SloClient.check(url, model, timeout.get())) {
      case SloClient.Answer.Missing missing -> {
        surroundings.err().println("sluice: " + missing.why());
        yield ExitCode.FAILED;
      }
      case SloClient.Answer.Verdicts verdicts -> {
        print(verdicts.response(), parsed.hasMatchedOption(JSON));
        yield code(verdicts.response().getVerdict());
      }
    };
  }

  private void print(SloCheckResponse response, boolean json) {
    if (json) {
      surroundings.out().println(SloTable.json(response));
    } else {
      SloTable.print(surroundings.out(), response);
    }
  }

  private static int code(SloCheckResponse.Verdict verdict) {
    return switch (verdict) {
      case PASS -> ExitCode.GOOD;
      case BREACH -> ExitCode.SLO_BREACHED;
      case NO_DATA -> ExitCode.INCONCLUSIVE;
      case UNKNOWN, UNRECOGNIZED -> ExitCode.FAILED;
    };
  }

  private URI url(String text) {
    try {
      URI url = new URI(text);
      if (URL.matcher(text).matches() && url.getPort() <= MOST_PORT) {
        return url;
      }
    } catch (URISyntaxException malformed) {
      // Said below: what is right is the same for every mistake.
    }
    throw usage("--url must be http://HOST:PORT, such as http://127.0.0.1:8002");
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
