// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The message encoding "deflate", which is zlib's format and which gRPC for Java does not bring.
 * gRPC itself bounds what comes out of the decompressor, by the largest message.
 */
final class DeflateCodec implements Codec {
  private static final int BUFFER_BYTES = 8192;

  @Override
  public String getMessageEncoding() {
    return "deflate";
  }

  @Override
  public OutputStream compress(OutputStream out) {
    return new DeflaterOutputStream(out);
  }

  @Override
  public InputStream decompress(InputStream in) {
    return new ClosingInflater(in);
  }

  /** Owns its inflater, so that closing the stream frees the native memory. */
  private static final class ClosingInflater extends InflaterInputStream {
    ClosingInflater(InputStream in) {
      super(in, new Inflater(), BUFFER_BYTES);
    }

    @Override
    public void close() throws IOException {
      inf.end();
      super.close();
    }
  }
}
