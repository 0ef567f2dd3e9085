// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.sluice.server.config.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

final class LoggingTest {
  private static final List<String> MUFFLED =
      List.of(
          "io.grpc.netty.NettyServerHandler",
          "io.grpc.netty.NettyServerStream",
          "ai.djl.onnxruntime.engine.OrtEngine",
          "ai.djl.util.cuda.CudaUtils");

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir Path root;

  @Test
  void jsonIsOneObjectPerLine() {
    Logger log = logger(LogLevel.INFO, false);
    log.info("loaded {}", "a \"b\"");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches("\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"info\",\"logger\":\"dev.sluice.Some\".*}")
        .endsWith("\"message\":\"loaded a \\\"b\\\"\"}");
  }

  @Test
  void anErrorStaysOnItsLineWithItsStack() {
    logger(LogLevel.INFO, false).error("failed", new IllegalStateException("why\nnot"));
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("\"error\":\"java.lang.IllegalStateException: why\\nnot\\n\\tat dev.sluice");
  }

  @Test
  void aClientCannotForgeALineOrDriveTheTerminal() {
    String attack = "x\r\n12:00:00.000 ERROR Some: forged\u001b[2J\u009b\u2028\u202e\ud800";
    for (boolean text : List.of(true, false)) {
      printed.reset();
      logger(LogLevel.INFO, text).warn("unknown model {}", attack);
      assertThat(lines()).hasSize(1);
      assertThat(printed.toString(StandardCharsets.UTF_8).strip())
          .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u2028\u202e]")
          .contains("forged\\u001b[2J");
    }
  }

  @Test
  void textIsShortAndReadable() {
    logger(LogLevel.INFO, true).info("ready");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches("[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3} INFO  Some: ready");
  }

  @Test
  void aStackIsIndentedBelowTheTextLine() {
    logger(LogLevel.INFO, true).error("failed", new IllegalStateException("why"));
    assertThat(lines().get(1)).isEqualTo("    java.lang.IllegalStateException: why");
    assertThat(lines().get(2)).startsWith("      at dev.sluice");
  }

  @Test
  void theLevelHoldsForSluiceAndLibrariesStayQuiet() {
    Logger log = logger(LogLevel.DEBUG, true);
    log.trace("no");
    log.debug("yes");
    context.getLogger("io.netty.Some").info("no");
    context.getLogger("ai.djl.Some").debug("no");
    context.getLogger("io.grpc.Some").warn("yes");
    assertThat(lines()).hasSize(2).allMatch(line -> line.endsWith("yes"));
  }

  @Test
  void aLevelAboveWarnQuietsLibrariesToo() {
    logger(LogLevel.ERROR, true).warn("no");
    context.getLogger("io.grpc.Some").warn("no");
    assertThat(lines()).isEmpty();
  }

  @Test
  void whatClientsCanCauseAndWhatEveryStartCausesIsHeardFromErrorOnOnly() {
    logger(LogLevel.TRACE, true);
    for (String name : MUFFLED) {
      context.getLogger(name).warn("no");
      context.getLogger(name).error("yes");
    }
    assertThat(lines()).hasSize(4).allMatch(line -> line.endsWith("yes"));
  }

  @Test
  void theMuffledLoggersAreThoseOfTheLibraries() {
    for (String name : MUFFLED) {
      assertThat(getClass().getClassLoader().getResource(name.replace('.', '/') + ".class"))
          .as(name)
          .isNotNull();
    }
  }

  @Test
  void aTerminalIsKnownByItsName() throws IOException {
    Path fd = Files.createDirectories(root.resolve("proc/self/fd")).resolve("2");
    assertThat(Terminal.isStderr(root)).isFalse();
    for (String target : List.of("/dev/pts/3", "/dev/tty1", "/dev/console")) {
      Files.createSymbolicLink(fd, Path.of(target));
      assertThat(Terminal.isStderr(root)).as(target).isTrue();
      Files.delete(fd);
    }
    Files.createSymbolicLink(fd, Path.of("/dev/null"));
    assertThat(Terminal.isStderr(root)).isFalse();
    Files.delete(fd);
  }

  private Logger logger(LogLevel level, boolean text) {
    context.setMDCAdapter(new LogbackMDCAdapter());
    Logging.configure(context, level, text, printed);
    return context.getLogger("dev.sluice.Some");
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
