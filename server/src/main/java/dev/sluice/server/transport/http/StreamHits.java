// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.shared.SentFrames;

/**
 * Which limit stands behind what an HTTP/2 client is told.
 *
 * @param frames counts the resets
 */
record StreamHits(Shared shared, FrameMeter frames) implements SentFrames.Listener {
  @Override
  public void reset() {
    frames.resetSent();
  }

  @Override
  public void streamRefused() {
    shared.hit(Limit.HTTP_STREAMS);
  }

  @Override
  public void headersRefused() {
    shared.hit(Limit.HTTP_HEADERS);
  }

  @Override
  public void goodbye(String words) {
    if (words.startsWith("Maximum number of RST frames")) {
      shared.hit(Limit.HTTP_RESETS);
    } else if (words.startsWith(SentFrames.HEADERS_TOO_LARGE)) {
      shared.hit(Limit.HTTP_HEADERS);
    }
  }
}
