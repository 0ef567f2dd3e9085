// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads all that a process prints and keeps the end of it. Runs on a thread of its own; {@link
 * #text} is for after that thread has ended.
 */
final class ProbeOutput implements Runnable {
  private static final int KEPT = 1 << 17;

  private final InputStream in;
  private final byte[] ring = new byte[KEPT];
  private long total;

  ProbeOutput(InputStream in) {
    this.in = in;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[1 << 13];
    try (in) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        keep(buffer, read);
      }
    } catch (IOException e) {
      // The process is gone; what it said until then is kept.
      return;
    }
  }

  private synchronized void keep(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (total++ % KEPT)] = buffer[i];
    }
  }

  synchronized String text() {
    int count = (int) Math.min(total, KEPT);
    byte[] end = new byte[count];
    for (int i = 0; i < count; i++) {
      end[i] = ring[(int) ((total - count + i) % KEPT)];
    }
    return new String(end, StandardCharsets.UTF_8);
  }
}
