// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.sluice.server.config.LogFormat;
import dev.sluice.server.config.LogLevel;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up where log lines go: one stream, never stdout. May be called again; the last call holds.
 * The stream is written under Logback's own lock, one whole line at a time.
 *
 * <p>What libraries say to {@code java.util.logging}, gRPC above all, goes the same way; otherwise
 * it would go to stderr in a format of its own.
 */
public final class Logging {
  /** Libraries that talk too much below WARN. */
  private static final List<String> QUIET =
      List.of("ai.djl", "ai.onnxruntime", "io.grpc", "io.netty", "com.google");

  /**
   * What is heard from ERROR on only.
   *
   * <p>The two of gRPC warn, with a stack, of each message that is too large and of each breach of
   * HTTP/2: any client could fill the log with that, and the client is told anyway. The two of DJL
   * warn at every start on a machine without a GPU, which {@code sluice doctor} says better.
   */
  private static final List<String> MUFFLED =
      List.of(
          "io.grpc.netty.NettyServerHandler",
          "io.grpc.netty.NettyServerStream",
          "ai.djl.onnxruntime.engine.OrtEngine",
          "ai.djl.util.cuda.CudaUtils");

  private Logging() {}

  /**
   * Sends everything to this stream.
   *
   * @param root the folder that stands for {@code /}, where AUTO looks whether stderr is a terminal
   */
  public static void configure(LogLevel level, LogFormat format, OutputStream stream, Path root) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, level, text(format, root), stream);
    }
  }

  static void configure(LoggerContext context, LogLevel level, boolean text, OutputStream stream) {
    bridgeJavaUtilLogging();
    context.reset();
    ch.qos.logback.classic.Logger top = context.getLogger(Logger.ROOT_LOGGER_NAME);
    top.setLevel(Level.valueOf(level.name()));
    for (String name : QUIET) {
      Level quiet = level.compareTo(LogLevel.WARN) > 0 ? Level.ERROR : Level.WARN;
      context.getLogger(name).setLevel(quiet);
    }
    MUFFLED.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    top.addAppender(appender(context, text, stream));
  }

  private static void bridgeJavaUtilLogging() {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
  }

  private static boolean text(LogFormat format, Path root) {
    return switch (format) {
      case TEXT -> true;
      case JSON -> false;
      case AUTO -> Terminal.isStderr(root);
    };
  }

  private static OutputStreamAppender<ILoggingEvent> appender(
      LoggerContext context, boolean text, OutputStream stream) {
    Layout<ILoggingEvent> layout = text ? new TextLayout(ZoneId.systemDefault()) : new JsonLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setEncoder(encoder);
    appender.setOutputStream(new KeptOpen(stream));
    appender.start();
    return appender;
  }
}
