// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

/** What is compared. */
enum Kind {
  STOCK("stock FP32, one caller, all cores"),
  STOCK_LANES("stock FP32, a caller for each core"),
  FP32("Sluice FP32"),
  INT8_DYNAMIC("INT8, dynamic, as is usual"),
  INT8_STATIC("INT8, static"),
  INT8_PER_TOKEN("INT8, per token"),
  INT8("INT8 as served");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** Whether it is the untouched file in the engine as it comes. */
  boolean stock() {
    return this == STOCK || this == STOCK_LANES;
  }

  boolean int8() {
    return name().startsWith("INT8");
  }
}
