// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.ArrayList;
import java.util.List;

/** The help of the command line, made of the table of flags. */
public final class Help {
  private static final int WIDTH = 100;
  private static final int TEXT_AT = 38;

  private Help() {}

  public static String text(String command) {
    List<String> lines = new ArrayList<>();
    lines.add("Usage: " + command + " [FLAGS] HOST");
    lines.add("");
    lines.add(
        "Loads a gRPC server and reports how it answered, with ghz's flags and in its formats.");
    lines.add("");
    lines.add("      --help, -h                      Show this help and stop");
    lines.add("      --version, -v                   Show the version and stop");
    GhzFlags.ALL.forEach(flag -> add(lines, flag));
    lines.add("");
    lines.add("What ghz does not have:");
    SluiceFlags.ALL.forEach(flag -> add(lines, flag));
    lines.add("");
    lines.add(
        "Exit codes: 0 the run is done and its thresholds, if any, are met; 1 it could not be;");
    lines.add("2 bad usage; 98 it cannot tell whether thresholds are met; 99 one is not met.");
    return String.join("\n", lines) + "\n";
  }

  private static void add(List<String> lines, Flag flag) {
    String letter = flag.letter() == Flag.NO_LETTER ? "   " : "-" + flag.letter() + ",";
    String value = flag.kind() == Kind.BOOL ? "" : "=" + label(flag);
    StringBuilder line = new StringBuilder("  " + letter + " --" + flag.name() + value);
    if (line.length() >= TEXT_AT) {
      lines.add(line.toString());
      line.setLength(0);
    }
    String help = flag.help() + preset(flag);
    for (String word : help.split(" ", -1)) {
      if (line.length() > TEXT_AT && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() < TEXT_AT ? " ".repeat(TEXT_AT - line.length()) : " ").append(word);
    }
    lines.add(line.toString());
  }

  private static String label(Flag flag) {
    return switch (flag.kind()) {
      case CHOICE -> String.join("|", flag.choices());
      case UINT, INT -> "N";
      case DURATION -> "TIME";
      case BYTES -> "SIZE";
      case MAP, DATA -> "JSON";
      default -> "TEXT";
    };
  }

  private static String preset(Flag flag) {
    boolean nothing =
        flag.preset().isEmpty() || flag.preset().equals("0") || flag.kind() == Kind.BOOL;
    return nothing || flag.kind() == Kind.CHOICE ? "" : " (default: " + flag.preset() + ")";
  }
}
