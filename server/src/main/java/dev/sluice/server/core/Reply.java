// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * Where the answer to a request goes. Exactly one of the methods is called, exactly once, on any
 * thread; neither may block.
 */
public interface Reply<T> {
  void ok(T answer);

  void failed(Problem problem);
}
