// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.ConfigException;
import dev.sluice.server.config.LoadedConfig;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.logging.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code sluice serve}: settles the configuration and the log, then serves. */
final class ServeCommand {
  private static final String PRINT = "--print-config";

  private final Surroundings surroundings;
  private final CommandSpec spec;

  ServeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = Sluice.command("serve", "Load models and serve them over gRPC.", this::call);
    spec.addOption(
        OptionSpec.builder(PRINT)
            .description("Print every setting, its value and where it came from, and stop")
            .build());
    SettingFlags.addTo(spec, true);
    spec.usageMessage()
        .footer(
            "",
            "A flag beats an environment variable (network.grpc-port: SLUICE_NETWORK_GRPC_PORT),",
            "which beats the file, which beats the default. --print-config prints a file to start"
                + " from.",
            "",
            "Examples:",
            "  sluice serve",
            "  sluice serve --model-repository ./models --device gpu:0",
            "  sluice serve --config sluice.yaml --print-config");
  }

  CommandSpec spec() {
    return spec;
  }

  private int call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    LoadedConfig loaded;
    try {
      loaded = SettingFlags.load(parsed, surroundings.environment());
    } catch (ConfigException e) {
      SettingFlags.complain(e, surroundings.err());
      return ExitCode.BAD_USAGE;
    }
    ServerConfig config = loaded.config();
    Logging.configure(
        config.logging().level(),
        config.logging().format(),
        surroundings.err(),
        surroundings.root());
    warn(loaded);
    if (parsed.hasMatchedOption(PRINT)) {
      surroundings.out().print(loaded.printout());
      return ExitCode.GOOD;
    }
    return surroundings.serve().run(config);
  }

  private static void warn(LoadedConfig loaded) {
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    loaded.hints().forEach(log::warn);
    ServerConfig.Network network = loaded.config().network();
    if (!network.loopback()) {
      log.warn(
          "listening on {} without authentication: whoever reaches the port can use every model",
          network.host());
    }
  }
}
