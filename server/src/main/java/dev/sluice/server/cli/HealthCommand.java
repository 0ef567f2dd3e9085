// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.Quantities;
import dev.sluice.server.transport.client.HealthClient;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code sluice health}: asks a running server, for scripts and container health checks. */
final class HealthCommand {
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9.:_%-]{1,253}|\\[[0-9A-Fa-f:.%]{2,60}]):([0-9]{1,5})");

  private final Surroundings surroundings;
  private final CommandSpec spec;

  HealthCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = Sluice.command("health", "Ask a running server whether it serves.", this::call);
    spec.addOption(text("--address", "HOST:PORT", "where it listens (127.0.0.1:8001)"));
    spec.addOption(text("--service", "NAME", "a model or service instead of the whole server"));
    spec.addOption(text("--timeout", "DURATION", "how long to wait for the answer (5s)"));
    spec.usageMessage()
        .footer(
            "",
            "Prints the status; exit code 0 for SERVING, 1 for anything else.",
            "",
            "Examples:",
            "  sluice health",
            "  sluice health --address 10.0.0.7:8001 --service all-minilm-l6-v2");
  }

  CommandSpec spec() {
    return spec;
  }

  private static OptionSpec text(String flag, String label, String help) {
    return OptionSpec.builder(flag).type(String.class).paramLabel(label).description(help).build();
  }

  private int call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    String address = parsed.matchedOptionValue("--address", "127.0.0.1:8001");
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
      throw usage("--address must be HOST:PORT, such as 127.0.0.1:8001");
    }
    Optional<Duration> timeout = Quantities.duration(parsed.matchedOptionValue("--timeout", "5s"));
    if (timeout.filter(value -> !value.isZero()).isEmpty()) {
      throw usage("--timeout must be a duration such as 500ms or 5s");
    }
    HealthClient.Answer answer =
        HealthClient.check(
            parts.group(1).replaceAll("[\\[\\]]", ""),
            Integer.parseInt(parts.group(2)),
            parsed.matchedOptionValue("--service", ""),
            timeout.get());
    surroundings.out().println(answer.text());
    return answer.serving() ? ExitCode.GOOD : ExitCode.FAILED;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
