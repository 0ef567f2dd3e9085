// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * A line of an HdrHistogram log that has a histogram.
 *
 * @param tag empty if there is none
 */
public record HlogLine(String tag, long startNanos, long lengthNanos, Histogram histogram) {
  private static final int MOST_LENGTH = 4_000_000;
  private static final double SECOND = 1e9;
  private static final Pattern LINE =
      Pattern.compile("(?:Tag=([^, ]*),)?([0-9.]{1,20}),([0-9.]{1,20}),[0-9.E+-]{1,30},(\\S+)");

  /**
   * @return nothing for a line of another kind
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static Optional<HlogLine> parse(String text) {
    if (text.length() > MOST_LENGTH) {
      throw new IllegalArgumentException("too long");
    }
    Matcher fields = LINE.matcher(text);
    if (!fields.matches()) {
      return Optional.empty();
    }
    String tag = fields.group(1) == null ? "" : fields.group(1);
    return Optional.of(
        new HlogLine(
            tag, nanos(fields.group(2)), nanos(fields.group(3)), decoded(fields.group(4))));
  }

  static long nanos(String seconds) {
    return Math.round(Double.parseDouble(seconds) * SECOND);
  }

  private static Histogram decoded(String base64) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      return Histogram.decodeFromCompressedByteBuffer(bytes, 0);
    } catch (DataFormatException | RuntimeException failure) {
      // HdrHistogram reports what it cannot decode in several ways
      throw new IllegalArgumentException("not a compressed histogram", failure);
    }
  }
}
