// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the outcome of a probe from the child's exit code and output. */
final class ProbeVerdict {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How the JVM reports the signal that ended it, before it ends itself with another. */
  private static final Pattern FATAL =
      Pattern.compile("(?m)^#\\s+SIG[A-Z]+ \\(0x([0-9a-f]{1,2})\\)");

  private static final int SIGNALLED = 128;
  private static final int OUT_OF_MEMORY = 3;
  private static final int MAX_REASON = 2000;

  private ProbeVerdict() {}

  static ProbeResult of(int exit, String output, ProbeLimits limits) {
    Matcher fatal = FATAL.matcher(output);
    if (exit != 0 && fatal.find()) {
      return crashed(Integer.parseInt(fatal.group(1), 16));
    }
    if (exit > SIGNALLED) {
      return crashed(exit - SIGNALLED);
    }
    if (exit == OUT_OF_MEMORY) {
      return new ProbeResult.Failed(
          "loading this model needs more than " + limits.heapMegabytes() + " MB of Java heap");
    }
    Optional<JsonNode> verdict = verdict(output);
    if (exit != 0 || verdict.isEmpty()) {
      return new ProbeResult.Failed(
          "the process that tried to load this model ended with code "
              + exit
              + " and said: "
              + lastLine(output));
    }
    return verdict.get().path("passed").asBoolean(false)
        ? ProbeResult.PASSED
        : new ProbeResult.Failed(oneLine(verdict.get().path("reason").asText()));
  }

  private static ProbeResult crashed(int signal) {
    return new ProbeResult.Failed(
        "the engine crashed while loading this model (signal " + signal + ")");
  }

  private static Optional<JsonNode> verdict(String output) {
    int start = output.lastIndexOf("\n" + ProbeMain.VERDICT);
    if (start < 0) {
      return Optional.empty();
    }
    String line = output.substring(start + 1 + ProbeMain.VERDICT.length());
    try {
      return Optional.of(MAPPER.readTree(line.lines().findFirst().orElse("")));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String lastLine(String output) {
    return oneLine(
        output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("nothing"));
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() > MAX_REASON ? line.substring(0, MAX_REASON) : line;
  }
}
