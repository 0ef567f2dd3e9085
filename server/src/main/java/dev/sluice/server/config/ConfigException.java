// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.List;

/** The configuration cannot be used; it says everything that is wrong with it, not the first. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each, for the operator. */
  public List<String> problems() {
    return problems;
  }
}
