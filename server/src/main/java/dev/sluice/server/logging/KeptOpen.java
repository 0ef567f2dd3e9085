// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.logging;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Survives the appender that writes to it: stderr is still needed when logging is set up anew. */
final class KeptOpen extends FilterOutputStream {
  KeptOpen(OutputStream stream) {
    super(stream);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
