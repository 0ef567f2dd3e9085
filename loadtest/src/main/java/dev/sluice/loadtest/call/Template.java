// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

import java.util.List;
import java.util.Map;

/**
 * Text with actions in Go's {@code text/template} syntax: fields, functions, pipes, {@code if},
 * {@code else}, {@code range}, {@code with}; no variables but {@code $}. Immutable, apart from the
 * generator of random values in its functions.
 */
final class Template {
  private static final int LONGEST = 64 << 20;

  private final List<Node> nodes;

  private Template(List<Node> nodes) {
    this.nodes = nodes;
  }

  /** What fields and {@code $} stand for. */
  record Frame(Object root, Object dot) {}

  /** A part of the text. */
  interface Node {
    void write(StringBuilder out, Frame frame);
  }

  static Template parse(String text, Map<String, Functions.Function> functions) {
    return new Template(new TemplateParser(text, functions).parse());
  }

  static boolean hasActions(String text) {
    return text.contains("{{");
  }

  String fill(CallContext context) {
    StringBuilder out = new StringBuilder();
    Map<String, Object> fields = context.fields();
    write(nodes, out, new Frame(fields, fields));
    return out.toString();
  }

  static void write(List<Node> nodes, StringBuilder out, Frame frame) {
    for (Node node : nodes) {
      node.write(out, frame);
      if (out.length() > LONGEST) {
        throw new CallException("template makes more than 64 MiB");
      }
    }
  }
}
