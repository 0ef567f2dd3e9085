// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * For people: time of day, level, short logger name, message, the fields of the line as JSON; a
 * stack indented below.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private final ThrowableProxyConverter stack = new ThrowableProxyConverter();
  private final DateTimeFormatter time;

  TextLayout(ZoneId zone) {
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
  }

  @Override
  public void start() {
    stack.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder out = new StringBuilder(time.format(event.getInstant()));
    out.append(' ').append(String.format("%-5s", event.getLevel()));
    out.append(' ').append(shortName(event.getLoggerName())).append(": ");
    out.append(Escapes.oneLine(String.valueOf(event.getFormattedMessage())));
    Map<String, Object> fields = Fields.of(event);
    if (!fields.isEmpty()) {
      out.append(' ').append(Json.line(fields));
    }
    out.append('\n');
    if (event.getThrowableProxy() != null) {
      stack.convert(event).lines().forEach(line -> frame(line, out));
    }
    return out.toString();
  }

  private static void frame(String line, StringBuilder out) {
    String indent = line.startsWith("\t") ? "      " : "    ";
    out.append(indent).append(Escapes.oneLine(line.strip())).append('\n');
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
