// SPDX-License-Identifier: Apache-2.0
/** A dynamic batcher: pure Java, no dependencies. */
module dev.sluice.batching {
  requires static transitive org.jspecify;

  exports dev.sluice.batching;
}
