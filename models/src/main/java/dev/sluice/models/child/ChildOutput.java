// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads all that a process prints, keeps the end of it, and tells of lines as they come. Runs on a
 * thread of its own; {@link #text} is for after that thread has ended.
 */
public final class ChildOutput implements Runnable {
  private static final int KEPT = 1 << 17;

  /** Of a longer line the rest is not told. */
  private static final int LONGEST_LINE = 1 << 10;

  private final InputStream in;
  private final Consumer<String> lines;
  private final byte[] ring = new byte[KEPT];
  private final byte[] line = new byte[LONGEST_LINE];
  private int lineLength;
  private long total;

  /** Of a process whose single lines do not matter. */
  public ChildOutput(InputStream in) {
    this(in, line -> {});
  }

  /**
   * @param lines is told each line on the reading thread
   */
  public ChildOutput(InputStream in, Consumer<String> lines) {
    this.in = in;
    this.lines = lines;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[1 << 13];
    try (in) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        keep(buffer, read);
        tell(buffer, read);
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

  private void tell(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        lines.accept(new String(Arrays.copyOf(line, lineLength), StandardCharsets.UTF_8));
        lineLength = 0;
      } else if (lineLength < LONGEST_LINE) {
        line[lineLength++] = buffer[i];
      }
    }
  }

  /** The end of what it printed. */
  public synchronized String text() {
    int count = (int) Math.min(total, KEPT);
    byte[] end = new byte[count];
    for (int i = 0; i < count; i++) {
      end[i] = ring[(int) ((total - count + i) % KEPT)];
    }
    return new String(end, StandardCharsets.UTF_8);
  }
}
