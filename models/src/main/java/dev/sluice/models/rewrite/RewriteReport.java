// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What rewriting did to a model.
 *
 * @param done how many times each rewrite found something to do, by its name
 * @param left what was left as it is though it looked like something to rewrite, and why; one line
 *     for people each, bounded in number
 */
public record RewriteReport(Map<String, Integer> done, List<String> left) {
  private static final int MAX_LEFT = 20;

  public RewriteReport {
    done = Collections.unmodifiableMap(new LinkedHashMap<>(done));
    left = List.copyOf(left);
  }

  public int times(String rewrite) {
    return done.getOrDefault(rewrite, 0);
  }

  /** Collects. For one thread. */
  static final class Builder {
    private final Map<String, Integer> done = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();

    void count(Rewrite rewrite) {
      done.merge(rewrite.name(), 1, Integer::sum);
    }

    void left(String line) {
      if (left.size() < MAX_LEFT) {
        left.add(line);
      }
    }

    int total() {
      return done.values().stream().mapToInt(Integer::intValue).sum();
    }

    RewriteReport build() {
      return new RewriteReport(done, left);
    }
  }
}
