// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import dev.sluice.loadtest.call.Template.Frame;
import dev.sluice.loadtest.call.Template.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Cuts a template into texts and actions. Used once. */
final class TemplateParser {
  private static final int DEEPEST = 64;

  private final String text;
  private final Map<String, Functions.Function> functions;
  private int at;
  private int depth;
  private String ended = "";

  TemplateParser(String text, Map<String, Functions.Function> functions) {
    this.text = text;
    this.functions = functions;
  }

  List<Node> parse() {
    List<Node> nodes = nodes();
    if (!ended.isEmpty()) {
      throw new CallException("template: unexpected {{" + ended + "}}");
    }
    return nodes;
  }

  /** Up to the end or to an {@code else} or {@code end}, which is left in {@code ended}. */
  private List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      int open = text.indexOf("{{", at);
      String before = text.substring(at, open < 0 ? text.length() : open);
      boolean trimmed = open >= 0 && text.startsWith("{{- ", open);
      String literal = trimmed ? before.stripTrailing() : before;
      nodes.add((out, frame) -> out.append(literal));
      if (open < 0) {
        at = text.length();
        ended = "";
        return nodes;
      }
      String action = action(open + (trimmed ? 3 : 2));
      if (action.equals("end") || action.equals("else") || action.startsWith("else ")) {
        ended = action;
        return nodes;
      }
      if (!action.startsWith("/*")) {
        nodes.add(node(action));
      }
    }
  }

  private String action(int start) {
    int close = start;
    char quote = 0;
    while (close < text.length() && (quote != 0 || !text.startsWith("}}", close))) {
      char c = text.charAt(close);
      if (quote == 0 && (c == '"' || c == '`')) {
        quote = c;
      } else if (quote == '"' && c == '\\') {
        close++;
      } else if (c == quote) {
        quote = 0;
      }
      close++;
    }
    if (close >= text.length()) {
      throw new CallException("template: an action does not end: {{" + snippet(start));
    }
    boolean trims = text.startsWith(" -", close - 2);
    at = close + 2;
    if (trims) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return text.substring(start, trims ? close - 1 : close).strip();
  }

  private String snippet(int start) {
    return text.substring(start, Math.min(text.length(), start + 40)).replace('\n', ' ');
  }

  private Node node(String action) {
    int space = action.indexOf(' ');
    String word = space < 0 ? action : action.substring(0, space);
    return switch (word) {
      case "if", "range", "with" -> block(word, action.substring(word.length()));
      default -> {
        Expression expression = expression(action);
        yield (out, frame) -> out.append(Functions.text(expression.value(frame)));
      }
    };
  }

  private Node block(String word, String condition) {
    if (++depth > DEEPEST) {
      throw new CallException("template: blocks are nested too deeply");
    }
    Expression expression = expression(condition.strip());
    List<Node> body = nodes();
    List<Node> otherwise = List.of();
    if (ended.startsWith("else if ")) {
      otherwise = List.of(block("if", ended.substring("else if ".length())));
    } else {
      if (ended.equals("else")) {
        otherwise = nodes();
      }
      if (!ended.equals("end")) {
        throw new CallException("template: {{" + word + "}} has no {{end}}");
      }
    }
    depth--;
    List<Node> other = otherwise;
    return word.equals("range")
        ? (out, frame) -> range(expression.value(frame), body, other, out, frame)
        : (out, frame) -> {
          Object value = expression.value(frame);
          boolean holds = Functions.truth(value);
          Object dot = holds && word.equals("with") ? value : frame.dot();
          Template.write(holds ? body : other, out, new Frame(frame.root(), dot));
        };
  }

  private static void range(
      Object value, List<Node> body, List<Node> otherwise, StringBuilder out, Frame frame) {
    Collection<?> values;
    if (value instanceof Map<?, ?> map) {
      values = map.values();
    } else if (value instanceof List<?> list) {
      values = list;
    } else {
      throw new CallException("template: range wants a list, not " + Functions.text(value));
    }
    if (values.isEmpty()) {
      Template.write(otherwise, out, frame);
    }
    values.forEach(element -> Template.write(body, out, new Frame(frame.root(), element)));
  }

  private Expression expression(String action) {
    return new ExpressionParser(action, functions).parse();
  }
}
