// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import dev.sluice.loadtest.ghz.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pipelines of functions, fields and literals. Used once. */
final class ExpressionParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|`[^`]*+`|[-+]?\\d[\\w.]*+|\\$?(?:\\.\\w+)++|[$.]|\\w++|[|()])");
  private static final int DEEPEST = 64;

  private final String action;
  private final Map<String, Functions.Function> functions;
  private final List<String> tokens = new ArrayList<>();
  private int at;
  private int depth;

  ExpressionParser(String action, Map<String, Functions.Function> functions) {
    this.action = action;
    this.functions = functions;
    Matcher token = TOKEN.matcher(action);
    int end = 0;
    while (token.find() && token.start() == end) {
      tokens.add(token.group(1));
      end = token.end();
    }
    if (!action.substring(end).isBlank() || tokens.isEmpty()) {
      throw wrong("cannot be read");
    }
  }

  Expression parse() {
    Expression whole = pipeline();
    if (at < tokens.size()) {
      throw wrong("unexpected " + tokens.get(at));
    }
    return whole;
  }

  private Expression pipeline() {
    if (++depth > DEEPEST) {
      throw wrong("nested too deeply");
    }
    Expression value = command(List.of());
    while (accept("|")) {
      value = command(List.of(value));
    }
    depth--;
    return value;
  }

  /** What comes through the pipe is the last argument. */
  private Expression command(List<Expression> piped) {
    if (at >= tokens.size()) {
      throw wrong("ends too early");
    }
    String first = tokens.get(at);
    boolean word = Character.isLetter(first.charAt(0)) || first.startsWith("_");
    if (!word || first.equals("true") || first.equals("false")) {
      Expression value = argument();
      if (!piped.isEmpty()) {
        throw wrong(first + " is no function");
      }
      return value;
    }
    at++;
    Functions.Function function = function(first);
    List<Expression> arguments = new ArrayList<>();
    while (at < tokens.size() && !tokens.get(at).equals("|") && !tokens.get(at).equals(")")) {
      arguments.add(argument());
    }
    arguments.addAll(piped);
    return frame -> call(first, function, arguments, frame);
  }

  private Object call(
      String name, Functions.Function function, List<Expression> arguments, Template.Frame frame) {
    List<Object> values = new ArrayList<>();
    arguments.forEach(argument -> values.add(argument.value(frame)));
    try {
      return function.apply(values);
    } catch (IndexOutOfBoundsException e) {
      throw wrong(name + " wants more arguments, or an index that is there");
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrong(name + " " + e.getMessage());
    }
  }

  private Functions.Function function(String name) {
    Functions.Function function = functions.get(name);
    if (function == null) {
      throw wrong(
          "function \"" + name + "\" not defined" + Nearest.hint("", name, functions.keySet()));
    }
    return function;
  }

  private Expression argument() {
    String token = tokens.get(at++);
    char first = token.charAt(0);
    if (first == '(') {
      Expression inner = pipeline();
      if (!accept(")")) {
        throw wrong("a ) is missing");
      }
      return inner;
    } else if (first == '.' || first == '$') {
      return field(token);
    } else if (first == '"') {
      String value = token.substring(1, token.length() - 1).translateEscapes();
      return frame -> value;
    } else if (first == '`') {
      String value = token.substring(1, token.length() - 1);
      return frame -> value;
    } else if (token.equals("true") || token.equals("false")) {
      return frame -> token.equals("true");
    } else if (Character.isLetter(first)) {
      Functions.Function function = function(token);
      return frame -> call(token, function, List.of(), frame);
    }
    Object number = number(token);
    return frame -> number;
  }

  private Object number(String token) {
    try {
      return token.matches("[-+]?\\d+") ? (Object) Long.parseLong(token) : Double.valueOf(token);
    } catch (NumberFormatException e) {
      throw wrong(token + " is no number");
    }
  }

  private Expression field(String token) {
    boolean root = token.startsWith("$");
    List<String> names =
        List.of(token.substring(root ? 1 : 0).split("\\.")).stream()
            .filter(name -> !name.isEmpty())
            .toList();
    return frame -> {
      Object value = root ? frame.root() : frame.dot();
      for (String name : names) {
        value = member(value, name);
      }
      return value;
    };
  }

  private Object member(Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      Object member = map.get(name);
      if (member != null) {
        return member;
      }
      List<String> known = map.keySet().stream().map(String::valueOf).sorted().toList();
      throw wrong("no field " + name + Nearest.hint(".", name, known));
    }
    throw wrong("no field " + name + " in " + Functions.text(value));
  }

  private boolean accept(String token) {
    boolean is = at < tokens.size() && tokens.get(at).equals(token);
    at += is ? 1 : 0;
    return is;
  }

  private CallException wrong(String message) {
    return new CallException("template: {{" + action.replace('\n', ' ') + "}}: " + message);
  }
}
