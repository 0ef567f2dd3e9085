// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.nio.file.Path;

/** Where a value came from. */
public sealed interface Source {
  /** In words for the operator. */
  String text();

  /** Nobody set it. */
  record Default() implements Source {
    @Override
    public String text() {
      return "default";
    }
  }

  /** A line of the configuration file. */
  record File(Path path, int line) implements Source {
    @Override
    public String text() {
      return Messages.path(path) + ":" + line;
    }
  }

  /** An environment variable. */
  record Variable(String name) implements Source {
    @Override
    public String text() {
      return "env " + name;
    }
  }

  /** A flag of the command line. */
  record Flag(String name) implements Source {
    @Override
    public String text() {
      return name;
    }
  }
}
