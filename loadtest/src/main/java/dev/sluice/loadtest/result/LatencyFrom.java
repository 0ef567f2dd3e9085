// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

/** From when ghz's own figures of a report count. */
public enum LatencyFrom {
  /** When the call should have started: a stall of the server shows in all that waited for it. */
  INTENDED,
  /** When it was sent: what ghz measures. */
  SEND
}
