// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A logical line.
 *
 * @param indent how far it stands from the margin
 */
record CodeStatement(int indent, List<CodeToken> tokens) {
  CodeStatement {
    tokens = List.copyOf(tokens);
  }

  int size() {
    return tokens.size();
  }

  /** False past the end. */
  boolean is(int index, String text) {
    return index >= 0 && index < tokens.size() && tokens.get(index).is(text);
  }

  /** False past the end. */
  boolean isName(int index) {
    return index >= 0 && index < tokens.size() && tokens.get(index).isName();
  }

  boolean startsWith(int index, String... texts) {
    for (int i = 0; i < texts.length; i++) {
      if (!is(index + i, texts[i])) {
        return false;
      }
    }
    return true;
  }

  /** The tokens from one to before another, joined; types are spelt without spaces in between. */
  String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    tokens.subList(from, to).forEach(token -> text.append(token.text()));
    return text.toString();
  }

  /** Where the bracket that opens here is closed. The lexer has seen to it that it is. */
  int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      String text = tokens.get(i).text();
      depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  /** {@code name = path}, if this is that. */
  Optional<CodePath> assignedPath() {
    if (!isName(0) || !is(1, "=")) {
      return Optional.empty();
    }
    @Nullable CodePath path = CodePath.at(this, 2);
    return Optional.ofNullable(path)
        .filter(found -> found.to() == tokens.size() && !found.called());
  }

  /** How many of the first tokens hold names that are given values here. */
  int targets() {
    if (is(0, "with")) {
      return size();
    }
    String sign = is(0, "for") ? "in" : "=";
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      String text = tokens.get(i).text();
      depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
      if (depth == 0 && text.equals(sign)) {
        return i;
      }
    }
    return 0;
  }
}
