// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.torchscript.CodeClass.Attribute;
import dev.sluice.models.torchscript.CodeClass.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of code: its classes with their attributes, and all its methods and functions. */
final class CodeFile {
  private final String name;
  private final String text;
  private final List<CodeClass> classes = new ArrayList<>();
  private final List<CodeBody> bodies = new ArrayList<>();

  private CodeFile(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * @param name of the entry, for example {@code code/__torch__/net.py}
   */
  static CodeFile parse(String name, String text) throws EngineException {
    CodeFile file = new CodeFile(name, text);
    List<CodeStatement> lines = CodeLexer.statements(name, text);
    for (int i = 0; i < lines.size(); ) {
      int end = blockEnd(lines, i);
      CodeStatement head = lines.get(i);
      if (head.is(0, "class") && head.isName(1)) {
        file.readClass(file.qualified(head.tokens().get(1).text()), lines.subList(i + 1, end));
      } else if (head.is(0, "def")) {
        file.readBody(file.module(), lines.subList(i, end));
      }
      i = end;
    }
    return file;
  }

  /** The first line after this one that stands no deeper. */
  private static int blockEnd(List<CodeStatement> lines, int head) {
    int end = head + 1;
    while (end < lines.size() && lines.get(end).indent() > lines.get(head).indent()) {
      end++;
    }
    return end;
  }

  private void readClass(String className, List<CodeStatement> lines) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    List<Listing> listings = new ArrayList<>();
    for (int i = 0; i < lines.size(); ) {
      int end = blockEnd(lines, i);
      CodeStatement line = lines.get(i);
      if (line.is(0, "def")) {
        readBody(className, lines.subList(i, end));
      } else if (line.isName(0) && line.is(1, ":") && line.size() > 2) {
        declare(attributes, line, line.tokens().get(0).text(), 2);
      } else if (line.startsWith(0, "__annotations__", "[") && line.is(4, "=") && line.size() > 5) {
        declare(attributes, line, line.tokens().get(2).unquoted(), 5);
      } else if (line.startsWith(0, "__parameters__", "=")
          || line.startsWith(0, "__buffers__", "=")) {
        list(listings, line);
      }
      i = end;
    }
    boolean ownState = lines.stream().anyMatch(line -> line.startsWith(0, "def", "__setstate__"));
    classes.add(new CodeClass(className, attributes, ownState, listings));
  }

  private static void declare(
      Map<String, Attribute> attributes, CodeStatement line, String attribute, int from) {
    int to = from;
    while (to < line.size() && !line.is(to, "=")) {
      to++;
    }
    if (to > from) {
      attributes.put(
          attribute,
          new Attribute(
              line.text(from, to), line.tokens().get(from).from(), line.tokens().get(to - 1).to()));
    }
  }

  private static void list(List<Listing> listings, CodeStatement line) {
    for (int i = 0; i < line.size(); i++) {
      CodeToken token = line.tokens().get(i);
      if (token.kind() == CodeToken.Kind.STRING) {
        int to = line.is(i + 1, ",") ? line.tokens().get(i + 1).to() : token.to();
        listings.add(new Listing(token.unquoted(), token.from(), to));
      }
    }
  }

  private void readBody(String owner, List<CodeStatement> lines) {
    CodeStatement head = lines.get(0);
    if (head.isName(1) && head.is(2, "(")) {
      String bodyName = owner + "." + head.tokens().get(1).text();
      bodies.add(new CodeBody(this, bodyName, parameters(head), lines.subList(1, lines.size())));
    }
  }

  private static Map<String, String> parameters(CodeStatement head) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int end = head.closing(2);
    int depth = 0;
    int from = 3;
    for (int i = 3; i <= end; i++) {
      if (i == end || (depth == 0 && head.is(i, ","))) {
        if (head.isName(from) && head.is(from + 1, ":")) {
          parameters.put(head.tokens().get(from).text(), head.text(from + 2, i));
        }
        from = i + 1;
      } else {
        depth += head.is(i, "[") || head.is(i, "(") ? 1 : 0;
        depth -= head.is(i, "]") || head.is(i, ")") ? 1 : 0;
      }
    }
    return parameters;
  }

  private String qualified(String className) {
    return module() + "." + className;
  }

  /** {@code code/__torch__/a/b.py} holds {@code __torch__.a.b}. */
  private String module() {
    return name.substring(ScriptArchive.CODE.length(), name.length() - ".py".length())
        .replace('/', '.');
  }

  String name() {
    return name;
  }

  String text() {
    return text;
  }

  List<CodeClass> classes() {
    return classes;
  }

  List<CodeBody> bodies() {
    return bodies;
  }
}
