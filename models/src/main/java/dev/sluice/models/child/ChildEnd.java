// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a child process ended.
 *
 * @param exit its exit code
 * @param output the end of what it printed
 */
public record ChildEnd(int exit, String output) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How the JVM reports the signal that ended it, before it ends itself with another. */
  private static final Pattern FATAL =
      Pattern.compile("(?m)^#\\s+SIG[A-Z]+ \\(0x([0-9a-f]{1,2})\\)");

  private static final int SIGNALLED = 128;
  private static final int OUT_OF_MEMORY = 3;
  private static final int MAX_REASON = 2000;

  /** The signal that a crash ended it with; empty when it ended itself. */
  public OptionalInt signal() {
    Matcher fatal = FATAL.matcher(output);
    if (exit != 0 && fatal.find()) {
      return OptionalInt.of(Integer.parseInt(fatal.group(1), 16));
    }
    return exit > SIGNALLED ? OptionalInt.of(exit - SIGNALLED) : OptionalInt.empty();
  }

  /** Whether its Java heap was too small for what it did. */
  public boolean ranOutOfHeap() {
    return exit == OUT_OF_MEMORY;
  }

  /** The last line that begins with this mark, which is followed by JSON. */
  public Optional<JsonNode> verdict(String mark) {
    int start = output.lastIndexOf("\n" + mark);
    if (start < 0) {
      return Optional.empty();
    }
    String line = output.substring(start + 1 + mark.length());
    try {
      return Optional.of(MAPPER.readTree(line.lines().findFirst().orElse("")));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The last thing that it said. */
  public String lastLine() {
    return oneLine(
        output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("nothing"));
  }

  /** A reason as one line of bounded length. */
  public static String oneLine(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() > MAX_REASON ? line.substring(0, MAX_REASON) : line;
  }
}
