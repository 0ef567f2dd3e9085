// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name and attributes of what it stands for: {@code self.layer.weight}, {@code
 * getattr(self.layers, "0").weight}.
 *
 * @param root the name
 * @param names the attributes, outermost first
 * @param called whether the last one is a method that is called here
 * @param from its first token in the statement
 * @param to the token after its last
 */
record CodePath(String root, List<String> names, boolean called, int from, int to) {
  private static final int MAX_NAMES = 100;

  CodePath {
    names = List.copyOf(names);
  }

  /** The longest path that begins at this token, or null. */
  static @Nullable CodePath at(CodeStatement line, int from) {
    CodePath path = primary(line, from);
    if (path == null) {
      return null;
    }
    List<String> names = new ArrayList<>(path.names());
    int to = path.to();
    while (names.size() < MAX_NAMES && line.is(to, ".") && line.isName(to + 1)) {
      names.add(line.tokens().get(to + 1).text());
      to += 2;
    }
    return new CodePath(path.root(), names, line.is(to, "("), from, to);
  }

  private static @Nullable CodePath primary(CodeStatement line, int from) {
    if (line.is(from, "(")) {
      CodePath inner = at(line, from + 1);
      return inner != null && !inner.called() && line.is(inner.to(), ")")
          ? new CodePath(inner.root(), inner.names(), false, from, inner.to() + 1)
          : null;
    }
    if (line.startsWith(from, "getattr", "(")) {
      return attributeByName(line, from);
    }
    return line.isName(from)
        ? new CodePath(line.tokens().get(from).text(), List.of(), false, from, from + 1)
        : null;
  }

  /** {@code getattr(path, "name")}, which code has for names that are no identifiers. */
  private static @Nullable CodePath attributeByName(CodeStatement line, int from) {
    CodePath inner = at(line, from + 2);
    if (inner == null
        || inner.called()
        || !line.is(inner.to(), ",")
        || inner.to() + 1 >= line.size()
        || line.tokens().get(inner.to() + 1).kind() != CodeToken.Kind.STRING
        || !line.is(inner.to() + 2, ")")) {
      return null;
    }
    List<String> names = new ArrayList<>(inner.names());
    names.add(line.tokens().get(inner.to() + 1).unquoted());
    return new CodePath(inner.root(), names, false, from, inner.to() + 3);
  }

  /** With dots between, as {@code torch.linear} has it. */
  String dotted() {
    return names.isEmpty() ? root : root + "." + String.join(".", names);
  }

  /** The attributes alone, without the method that is called. */
  List<String> attributes() {
    return called && !names.isEmpty() ? names.subList(0, names.size() - 1) : names;
  }

  /** The same attributes of what this path leads to. */
  CodePath followedBy(CodePath further) {
    List<String> all = new ArrayList<>(names);
    all.addAll(further.names());
    return new CodePath(root, all, further.called(), further.from(), further.to());
  }

  boolean isVariable() {
    return names.isEmpty() && !called;
  }
}
