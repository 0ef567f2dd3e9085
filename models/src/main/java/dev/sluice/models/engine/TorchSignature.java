// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a module's {@code forward} is declared in the archive's code.
 *
 * @param arguments names of the tensors it takes, in order
 * @param results how many tensors it returns; -1 when only a run tells (a list, a dict)
 */
record TorchSignature(List<String> arguments, int results) {
  private static final Pattern NEXT_CLASS = Pattern.compile("^class ", Pattern.MULTILINE);
  private static final Pattern ARGUMENT = Pattern.compile("(\\w+)\\s*:\\s*([^=]+?)(\\s*=.*)?");

  static TorchSignature parse(String code, String className) throws EngineException {
    String body = classBody(code, className);
    int start = body.indexOf("def forward(");
    if (start < 0) {
      throw new EngineException("the module " + className + " has no forward method");
    }
    int open = start + "def forward".length();
    int close = matching(body, open);
    int colon = body.indexOf(":\n", close);
    if (colon < 0) {
      throw new EngineException("the declaration of forward cannot be read");
    }
    String returned = body.substring(close + 1, colon).replace("->", "").strip();
    return new TorchSignature(arguments(split(body.substring(open + 1, close))), results(returned));
  }

  private static String classBody(String code, String className) throws EngineException {
    Matcher declaration =
        Pattern.compile("^class " + Pattern.quote(className) + "\\(Module\\):", Pattern.MULTILINE)
            .matcher(code);
    if (!declaration.find()) {
      throw new EngineException("the archive's code has no module " + className);
    }
    String rest = code.substring(declaration.end());
    Matcher next = NEXT_CLASS.matcher(rest);
    return next.find() ? rest.substring(0, next.start()) : rest;
  }

  /** The first one is {@code self}. What is not a tensor must have a default, which then holds. */
  private static List<String> arguments(List<String> declared) throws EngineException {
    List<String> names = new ArrayList<>();
    boolean defaulted = false;
    for (String argument : declared.subList(Math.min(1, declared.size()), declared.size())) {
      Matcher parts = ARGUMENT.matcher(argument);
      if (!parts.matches()) {
        throw new EngineException("the argument '" + argument + "' of forward cannot be read");
      }
      if (parts.group(2).equals("Tensor") && parts.group(3) == null && !defaulted) {
        names.add(parts.group(1));
      } else if (parts.group(3) == null) {
        throw new EngineException(
            "the argument '%s' of forward is a %s; only tensors can be served"
                .formatted(parts.group(1), parts.group(2)));
      } else {
        defaulted = true;
      }
    }
    if (names.isEmpty()) {
      throw new EngineException("forward takes no tensor");
    }
    return List.copyOf(names);
  }

  private static int results(String type) {
    if (type.equals("Tensor")) {
      return 1;
    }
    if (type.startsWith("Tuple[") && type.endsWith("]")) {
      List<String> members = split(type.substring("Tuple[".length(), type.length() - 1));
      return members.stream().allMatch("Tensor"::equals) ? members.size() : -1;
    }
    return -1;
  }

  private static int matching(String text, int open) throws EngineException {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += depthChange(text.charAt(i));
      if (depth == 0) {
        return i;
      }
    }
    throw new EngineException("the declaration of forward does not end");
  }

  /** At commas outside of brackets. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += depthChange(text.charAt(i));
      if (depth == 0 && text.charAt(i) == ',') {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    String last = text.substring(start).strip();
    if (!last.isEmpty()) {
      parts.add(last);
    }
    return parts;
  }

  private static int depthChange(char c) {
    return switch (c) {
      case '(', '[', '{' -> 1;
      case ')', ']', '}' -> -1;
      default -> 0;
    };
  }
}
