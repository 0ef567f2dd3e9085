// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.sluice.server.config.LogFormat;
import dev.sluice.server.config.LogLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The logging of the whole process, which is put back as it was. */
final class JavaUtilLoggingTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void configure() {
    Logging.configure(LogLevel.INFO, LogFormat.TEXT, printed, Path.of("/"));
  }

  @AfterEach
  void putBack() throws JoranException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  @Test
  void itsLinesGoWhereAllOthersGo() {
    Logger.getLogger("some.library.Class").log(Level.WARNING, "odd: {0}", "x");

    assertThat(lines()).singleElement().asString().endsWith("WARN  Class: odd: x");
  }

  @Test
  void itsLevelsFollowOurs() {
    Logger.getLogger("io.grpc.Some").info("no");
    Logger.getLogger("io.grpc.netty.NettyServerStream").warning("no");
    Logger.getLogger("io.grpc.Some").severe("yes");

    assertThat(lines()).singleElement().asString().endsWith("ERROR Some: yes");
  }

  @Test
  void itHasNoHandlersOfItsOwnAndOneOfOursHoweverOftenItIsConfigured() {
    configure();

    assertThat(LogManager.getLogManager().getLogger("").getHandlers())
        .singleElement()
        .isInstanceOf(SLF4JBridgeHandler.class);
    Logger.getLogger("some.library.Class").warning("once");
    assertThat(lines()).hasSize(1);
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
