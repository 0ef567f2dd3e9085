// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What each of the server's own threads does now: name, state, stack. */
final class ThreadDump {
  /** Lanes, encoders, loader, timers and event loops; a JVM's own threads say nothing here. */
  private static final List<String> OURS =
      List.of("lane-", "encode-", "model-", "janitor-", "timer-", "telemetry-", "sluice-", "main");

  private static final int MAX_FRAMES = 64;

  private ThreadDump() {}

  static String text() {
    StringBuilder out = new StringBuilder();
    Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> OURS.stream().anyMatch(entry.getKey().getName()::startsWith))
        .sorted(Comparator.comparing(entry -> entry.getKey().getName()))
        .forEach(entry -> write(entry, out));
    return out.toString();
  }

  private static void write(Map.Entry<Thread, StackTraceElement[]> entry, StringBuilder out) {
    Thread thread = entry.getKey();
    out.append('"').append(thread.getName()).append("\" ").append(thread.getState()).append('\n');
    StackTraceElement[] frames = entry.getValue();
    for (int i = 0; i < Math.min(MAX_FRAMES, frames.length); i++) {
      out.append("    at ").append(frames[i]).append('\n');
    }
    out.append('\n');
  }
}
