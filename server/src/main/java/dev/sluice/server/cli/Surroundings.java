// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.doctor.EngineFacts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the commands see of the world.
 *
 * @param out for what people or scripts asked for
 * @param err for log lines and complaints
 * @param root the folder that stands for {@code /} where the system is examined
 * @param engines loads the model engines when asked
 * @param serve what {@code sluice serve} does once its configuration is known
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path root,
    Supplier<EngineFacts> engines,
    ServeAction serve) {}
