// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.transport.http.api.StatusException;
import dev.sluice.server.transport.shared.Refusals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** Bodies in gzip and deflate (zlib), bounded on the way in. */
final class Compression {
  static final int WORTH_IT = 1024;
  private static final int BUFFER = 16 << 10;

  private Compression() {}

  /** Refuses encodings that are not known, before the body is read. */
  static String known(String contentEncoding) {
    String name = contentEncoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> "";
      case "gzip", "x-gzip" -> "gzip";
      case "deflate" -> name;
      default ->
          throw new StatusException(
              415,
              "Content-Encoding must be gzip, deflate or identity",
              Map.of("accept-encoding", "gzip, deflate"));
    };
  }

  /** Unpacks one body into the other, within the limits of that. */
  static void inflate(IncomingBody packed, String encoding, IncomingBody into) {
    try (InputStream in = reader(packed.stream(), encoding)) {
      into.add(in);
    } catch (IOException damaged) {
      throw Refusals.invalid("body", "is not valid " + encoding);
    }
  }

  private static InputStream reader(InputStream in, String encoding) throws IOException {
    return encoding.equals("gzip") ? new GZIPInputStream(in, BUFFER) : new InflaterInputStream(in);
  }

  /** The encoding that the client asks for; empty for none. */
  static String wanted(String acceptEncoding) {
    String best = "";
    for (String choice : acceptEncoding.toLowerCase(Locale.ROOT).split(",", 32)) {
      String name = choice.strip();
      int parameters = name.indexOf(';');
      if (parameters >= 0) {
        if (name.substring(parameters + 1).strip().matches("q=0(\\.0{0,3})?")) {
          continue;
        }
        name = name.substring(0, parameters).strip();
      }
      if (name.equals("gzip")) {
        return name;
      }
      if (name.equals("deflate")) {
        best = name;
      }
    }
    return best;
  }

  static ByteBuffer deflate(ByteBuffer body, String encoding) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.remaining() / 2 + 64);
    try (OutputStream out =
        encoding.equals("gzip") ? new FastGzip(packed) : new FastDeflate(packed)) {
      out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
    } catch (IOException impossible) {
      throw new IllegalStateException("memory does not fail", impossible);
    }
    return ByteBuffer.wrap(packed.toByteArray());
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private static final class FastDeflate extends DeflaterOutputStream {
    FastDeflate(OutputStream out) {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
