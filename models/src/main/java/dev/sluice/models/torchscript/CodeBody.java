// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements of a method or function, and what its names stand for. */
final class CodeBody {
  /** Code names no longer chains of names than this. */
  private static final int MAX_CHAIN = 50;

  private final CodeFile file;
  private final String name;
  private final Map<String, String> parameters;
  private final List<CodeStatement> statements;
  private final Map<String, Optional<CodePath>> variables = new HashMap<>();

  /**
   * @param name for people, with its class
   * @param parameters their types by their names
   */
  CodeBody(
      CodeFile file, String name, Map<String, String> parameters, List<CodeStatement> statements) {
    this.file = file;
    this.name = name;
    this.parameters = Map.copyOf(parameters);
    this.statements = List.copyOf(statements);
    statements.forEach(this::noteAssignment);
  }

  /** Only a variable that is given its value in one place stands for a path everywhere. */
  private void noteAssignment(CodeStatement line) {
    Optional<CodePath> path = line.assignedPath();
    int targets = line.targets();
    for (int i = 0; i < targets; i++) {
      if (line.isName(i) && !line.is(i - 1, ".")) {
        String target = line.tokens().get(i).text();
        boolean first = !variables.containsKey(target) && !parameters.containsKey(target);
        variables.put(target, first ? path : Optional.empty());
      }
    }
  }

  CodeFile file() {
    return file;
  }

  String name() {
    return name;
  }

  List<CodeStatement> statements() {
    return statements;
  }

  /** The path that this variable is another name for. */
  Optional<CodePath> assigned(String variable) {
    return variables.getOrDefault(variable, Optional.empty());
  }

  /** The same path, written out from a parameter or from a name that is not this body's own. */
  CodePath expanded(CodePath path) {
    CodePath expanded = path;
    for (int i = 0; i < MAX_CHAIN; i++) {
      CodePath definition = assigned(expanded.root()).orElse(null);
      if (definition == null) {
        break;
      }
      expanded = definition.followedBy(expanded);
    }
    return expanded;
  }

  /** The type that a parameter is declared with, or null for any other name. */
  @Nullable String parameterType(String root) {
    return parameters.get(root);
  }

  /** Whether the name is a variable or parameter of this body. */
  boolean knows(String root) {
    return variables.containsKey(root) || parameters.containsKey(root);
  }
}
