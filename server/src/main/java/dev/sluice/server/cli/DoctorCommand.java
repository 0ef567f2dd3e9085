// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.ConfigException;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.doctor.Doctor;
import dev.sluice.server.doctor.Finding;
import dev.sluice.server.doctor.Jvm;
import dev.sluice.server.doctor.Report;
import dev.sluice.server.doctor.SystemFiles;
import dev.sluice.server.transport.client.EpollSupport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code sluice doctor}: what this machine offers and what is wrong with it. */
final class DoctorCommand {
  private static final String JSON = "--json";

  private final Surroundings surroundings;
  private final CommandSpec spec;

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec =
        Sluice.command(
            "doctor", "Say what this machine offers and what is wrong with it.", this::call);
    spec.addOption(
        OptionSpec.builder(JSON).description("Print the report as one line of JSON").build());
    SettingFlags.addTo(spec, false);
    spec.usageMessage()
        .footer(
            "",
            "Takes the settings of 'sluice serve' too, and examines the machine for them.",
            "Exit code 0 means that no problem was found, 1 that there is one.",
            "",
            "Examples:",
            "  sluice doctor",
            "  sluice doctor --config sluice.yaml",
            "  sluice doctor --device gpu:0 --json");
  }

  CommandSpec spec() {
    return spec;
  }

  private int call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    List<Finding> findings = new ArrayList<>();
    ServerConfig config = config(parsed, findings);
    Doctor doctor =
        new Doctor(
            new SystemFiles(surroundings.root()),
            Jvm.current(),
            surroundings.environment(),
            config,
            surroundings.engines(),
            EpollSupport::available);
    findings.addAll(doctor.examine());
    Report report = new Report(findings);
    if (parsed.hasMatchedOption(JSON)) {
      surroundings.out().println(report.json());
    } else {
      surroundings.out().print(report.text());
    }
    return report.problems() == 0 ? ExitCode.GOOD : ExitCode.FAILED;
  }

  /** A bad configuration is one more thing to report; the machine is then examined for defaults. */
  private ServerConfig config(ParseResult parsed, List<Finding> findings) {
    try {
      ServerConfig config = SettingFlags.load(parsed, surroundings.environment()).config();
      findings.add(Finding.ok("configuration", "can be used"));
      return config;
    } catch (ConfigException e) {
      for (String problem : e.problems()) {
        findings.add(Finding.problem("configuration", problem, "correct it"));
      }
      return ServerConfig.defaults();
    }
  }
}
