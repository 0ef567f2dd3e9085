// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that all of it can be said at once. Not thread-safe. */
final class Problems {
  private final List<String> lines = new ArrayList<>();

  void add(Source source, String subject, String what) {
    lines.add(source.text() + ": " + Messages.clean(subject) + " " + what);
  }

  void add(String line) {
    lines.add(line);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
