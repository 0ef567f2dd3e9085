// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

import java.util.function.IntPredicate;

/** Words, numbers, strings and signs of a {@code .proto} file, one at a time. */
final class Lexer {
  private static final String DIGITS = "0123456789abcdef";

  private final String file;
  private final String text;
  private int at;
  private int line = 1;
  private Token next;

  /** What a token is. */
  enum Type {
    WORD,
    NUMBER,
    STRING,
    SIGN,
    END
  }

  /** A token; that of a string has its value. */
  record Token(Type type, String text, int line) {}

  Lexer(String file, String text) {
    this.file = file;
    this.text = text;
    this.next = read();
  }

  Token peek() {
    return next;
  }

  Token next() {
    Token token = next;
    next = read();
    return token;
  }

  /** Takes the word or sign if it comes next. */
  boolean accept(String wanted) {
    boolean is = next.text().equals(wanted) && next.type() != Type.STRING;
    if (is) {
      next();
    }
    return is;
  }

  void expect(String wanted) {
    if (!accept(wanted)) {
      throw wrong(next, "expected \"" + wanted + "\"");
    }
  }

  Token expect(Type type, String what) {
    if (next.type() != type) {
      throw wrong(next, "expected " + what);
    }
    return next();
  }

  /** A string, of which there may be several parts. */
  String string() {
    StringBuilder whole = new StringBuilder(expect(Type.STRING, "a string").text());
    while (next.type() == Type.STRING) {
      whole.append(next().text());
    }
    return whole.toString();
  }

  DescriptorException wrong(Token token, String message) {
    String found = token.type() == Type.END ? "end of file" : "\"" + token.text() + "\"";
    return error(token.line(), message + ", found " + found);
  }

  DescriptorException error(int where, String message) {
    return new DescriptorException(file + ":" + where + ": " + message);
  }

  private Token read() {
    skip();
    if (at >= text.length()) {
      return new Token(Type.END, "", line);
    }
    char c = text.charAt(at);
    if (c == '"' || c == '\'') {
      return new Token(Type.STRING, quoted(c), line);
    } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      return new Token(Type.NUMBER, number(), line);
    } else if (isLetter(c)) {
      return new Token(Type.WORD, take(i -> isLetter(i) || isDigit(i)), line);
    }
    at++;
    return new Token(Type.SIGN, String.valueOf(c), line);
  }

  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c) || c == '\uFEFF') {
        at++;
      } else if (text.startsWith("//", at)) {
        take(i -> i != '\n');
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw error(line, "this comment does not end");
        }
        line += (int) text.substring(at, end).chars().filter(i -> i == '\n').count();
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != quote; at++) {
      char c = text.charAt(at);
      if (c == '\n') {
        break;
      }
      value.append(c == '\\' && at + 1 < text.length() ? escaped() : c);
    }
    if (at >= text.length() || text.charAt(at) != quote) {
      throw error(line, "this string does not end");
    }
    at++;
    return value.toString();
  }

  /** The escapes that paths, names and defaults have a use for. */
  private char escaped() {
    char c = text.charAt(++at);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'x' -> hexadecimal();
      default -> c;
    };
  }

  private char hexadecimal() {
    int value = 0;
    while (at + 1 < text.length() && DIGITS.indexOf(text.charAt(at + 1) | 0x20) >= 0) {
      value = value * 16 + DIGITS.indexOf(text.charAt(++at) | 0x20);
    }
    return (char) value;
  }

  private String number() {
    int start = at;
    take(i -> isLetter(i) || isDigit(i) || i == '.');
    char last = text.charAt(at - 1);
    boolean hexadecimal = text.startsWith("0x", start) || text.startsWith("0X", start);
    if (!hexadecimal && (last == 'e' || last == 'E') && at < text.length()) {
      at++;
      take(Lexer::isDigit);
    }
    return text.substring(start, at);
  }

  private String take(IntPredicate part) {
    int start = at;
    while (at < text.length() && part.test(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
