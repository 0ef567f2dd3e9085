// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.io.IOException;
import java.util.List;

/** The first calls of a run, in the order in which their answers arrived; readable many times. */
public interface Details {
  /** As many as ghz keeps. */
  int MOST = 1_000_000;

  long size();

  void forEach(Visitor visitor) throws IOException;

  static Details of(List<Detail> list) {
    return new Details() {
      @Override
      public long size() {
        return list.size();
      }

      @Override
      public void forEach(Visitor visitor) throws IOException {
        for (Detail detail : list) {
          visitor.visit(detail);
        }
      }
    };
  }

  /** Takes one call. */
  @FunctionalInterface
  interface Visitor {
    void visit(Detail detail) throws IOException;
  }
}
