// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts what ONNX Runtime and LibTorch say down to the words that matter to whoever brought the
 * model: without error classes, C++ source files, function signatures and native stacks.
 */
final class NativeMessage {
  /** How ONNX Runtime and its Java part begin; they nest. */
  private static final Pattern SHELL =
      Pattern.compile(
          "Error code - \\w+ - message: |\\[ONNXRuntimeError\\] : \\d+ : \\w+ : "
              + "|Load model from .{1,4096}? failed:|Exception during initialization: ");

  /** A source file with a line; with a path, the function's whole signature follows. */
  private static final Pattern SOURCE =
      Pattern.compile("(/\\S*/)?[\\w.-]+\\.(?:cc|cpp|cu|cuh|h|hpp):\\d+ ");

  private static final Pattern NAME = Pattern.compile("\\w+ ");
  private static final Pattern AFTER_SIGNATURE = Pattern.compile(">?(?: const)?(?: \\[.*?\\])? ?");

  /** From here on, both print where in their own code they were. */
  private static final Pattern STACK =
      Pattern.compile("\\n?(?:Exception raised from |Stacktrace:|frame #0: ).*", Pattern.DOTALL);

  private static final int MAX_PARTS = 20;

  private NativeMessage() {}

  static String plain(String message) {
    String rest = STACK.matcher(message).replaceFirst("");
    rest = SHELL.matcher(rest).replaceAll("");
    Matcher source = SOURCE.matcher(rest);
    for (int i = 0; i < MAX_PARTS && source.find(); i++) {
      int end = source.end() + function(rest.substring(source.end()), source.group(1) != null);
      rest = rest.substring(0, source.start()) + rest.substring(end);
      source = SOURCE.matcher(rest);
    }
    return rest.isBlank() ? message : rest.strip();
  }

  /** How long the function is that stands in front of a text. */
  private static int function(String text, boolean whole) {
    if (!whole) {
      Matcher name = NAME.matcher(text);
      return name.lookingAt() ? name.end() : 0;
    }
    int end = text.indexOf('(');
    if (end < 0) {
      return 0;
    }
    int depth = 0;
    for (; end < text.length(); end++) {
      depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
      boolean local = text.startsWith("::", end + 1);
      if (depth == 0 && text.charAt(end) == ')' && !local) {
        Matcher rest = AFTER_SIGNATURE.matcher(text).region(end + 1, text.length());
        return rest.lookingAt() ? rest.end() : end + 1;
      }
    }
    return 0;
  }
}
