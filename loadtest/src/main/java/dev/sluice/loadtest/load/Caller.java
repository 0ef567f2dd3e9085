// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

/**
 * Asks one thing over and over, one request at a time. Used by one event loop after its first call.
 */
public interface Caller extends AutoCloseable {
  /** Hears how a call ended: exactly once for each call, on the caller's event loop. */
  interface Ended {
    void good();

    /**
     * @param why for whoever watches; one line
     */
    void bad(String why);
  }

  /** Sends the request and returns. Not to be called again before this call has ended. */
  void call(Ended ended);

  @Override
  void close();
}
