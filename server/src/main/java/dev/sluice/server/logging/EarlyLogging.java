// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.sluice.server.config.LogLevel;
import java.nio.file.Path;

/**
 * What Logback uses before the configuration is read. Without it the first lines of a library would
 * go to stdout, at DEBUG.
 */
public final class EarlyLogging extends ContextAwareBase implements Configurator {
  /** Found and made by Logback, as a service. */
  public EarlyLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logging.configure(context, LogLevel.INFO, Terminal.isStderr(Path.of("/")), System.err);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
