// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.torchscript.CodeToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts code into statements: a line each, or more where brackets are still open. */
final class CodeLexer {
  private static final int MAX_BRACKETS = 200;
  private static final Set<String> PAIRS =
      Set.of("==", "!=", "<=", ">=", "->", "**", "//", "+=", "-=", "*=", "/=");

  private final String name;
  private final String code;
  private final List<CodeStatement> statements = new ArrayList<>();
  private List<CodeToken> tokens = new ArrayList<>();
  private int indent;
  private int brackets;
  private int at;

  private CodeLexer(String name, String code) {
    this.name = name;
    this.code = code;
  }

  static List<CodeStatement> statements(String name, String code) throws EngineException {
    return new CodeLexer(name, code).statements();
  }

  private List<CodeStatement> statements() throws EngineException {
    int lineStart = 0;
    while (at < code.length()) {
      char c = code.charAt(at);
      if (c == '\n') {
        at++;
        if (brackets == 0) {
          end();
          lineStart = at;
        }
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (c == '#') {
        at = lineEnd();
      } else {
        if (tokens.isEmpty()) {
          indent = at - lineStart;
        }
        token(c);
      }
    }
    if (brackets != 0) {
      throw unreadable("a bracket is not closed");
    }
    end();
    return statements;
  }

  private int lineEnd() {
    int end = code.indexOf('\n', at);
    return end < 0 ? code.length() : end;
  }

  private void end() {
    if (!tokens.isEmpty()) {
      statements.add(new CodeStatement(indent, tokens));
      tokens = new ArrayList<>();
    }
  }

  private void token(char c) throws EngineException {
    if (Character.isLetter(c) || c == '_') {
      add(Kind.NAME, nameEnd());
    } else if (isDigit(c) || (c == '.' && at + 1 < code.length() && isDigit(code.charAt(at + 1)))) {
      add(Kind.NUMBER, numberEnd());
    } else if (c == '"' || c == '\'') {
      add(Kind.STRING, stringEnd(c));
    } else {
      sign(c);
    }
  }

  private void sign(char c) throws EngineException {
    if (c == '(' || c == '[' || c == '{') {
      if (++brackets > MAX_BRACKETS) {
        throw unreadable("its brackets are nested more than " + MAX_BRACKETS + " deep");
      }
    } else if (c == ')' || c == ']' || c == '}') {
      if (--brackets < 0) {
        throw unreadable("a bracket is closed that is not open");
      }
    }
    boolean pair = at + 2 <= code.length() && PAIRS.contains(code.substring(at, at + 2));
    add(Kind.SIGN, at + (pair ? 2 : 1));
  }

  private int nameEnd() {
    int end = at;
    while (end < code.length()
        && (Character.isLetterOrDigit(code.charAt(end)) || code.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  /** Also past the sign of an exponent. */
  private int numberEnd() {
    int end = at;
    while (end < code.length()) {
      char c = code.charAt(end);
      boolean exponent =
          (c == '-' || c == '+') && Character.toLowerCase(code.charAt(end - 1)) == 'e';
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !exponent) {
        break;
      }
      end++;
    }
    return end;
  }

  private int stringEnd(char quote) throws EngineException {
    for (int end = at + 1; end < code.length(); end++) {
      char c = code.charAt(end);
      if (c == '\\') {
        end++;
      } else if (c == quote) {
        return end + 1;
      }
    }
    throw unreadable("a string does not end");
  }

  private void add(Kind kind, int end) {
    tokens.add(new CodeToken(kind, code.substring(at, end), at, end));
    at = end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private EngineException unreadable(String why) {
    return new EngineException("the archive's " + name + " cannot be read: " + why);
  }
}
