// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.doctor.EngineFacts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs commands in this process and keeps what they print. */
final class CommandRun {
  final Map<String, String> environment = new HashMap<>();
  final List<ServerConfig> served = new ArrayList<>();
  int serveCode;
  EngineFacts engines =
      new EngineFacts(
          List.of(new EngineFacts.Engine("OnnxRuntime", "1.28.0", "CPU", Optional.empty())),
          List.of(),
          Optional.of("no NVIDIA driver"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  int run(String... args) {
    out.reset();
    err.reset();
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            Path.of("/"),
            () -> engines,
            config -> {
              served.add(config);
              return serveCode;
            });
    return Sluice.run(surroundings, args);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
