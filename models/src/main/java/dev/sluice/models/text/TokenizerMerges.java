// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The merges of a BPE model, of which the library cuts the prefix of continuing pieces by counting
 * bytes: a piece that is shorter, or has a character across the cut, ends the process.
 *
 * <p>The prefix may come after the merges in the file, so this keeps what decides for any prefix:
 * per number of bytes, a piece that cannot be cut there.
 */
final class TokenizerMerges {
  /** Longer ones than any published: "##". */
  private static final int MAX_PREFIX = 64;

  private final String[] uncuttable = new String[MAX_PREFIX + 1];
  private String prefix = "";

  void prefix(String continuingSubwordPrefix) {
    prefix = continuingSubwordPrefix;
  }

  /** Reads the list that the parser stands at: "a b" in old files, ["a", "b"] in new ones. */
  void read(JsonParser parser) throws IOException {
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == JsonToken.VALUE_STRING) {
        String pair = parser.getText();
        note(pair.substring(pair.indexOf(' ') + 1));
      } else if (t == JsonToken.START_ARRAY) {
        String last = "";
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
          last = parser.getText();
        }
        note(last);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void note(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    for (int cut = 1; cut <= MAX_PREFIX; cut++) {
      boolean middle = cut < bytes.length && (bytes[cut] & 0xC0) == 0x80;
      if (cut > bytes.length || middle) {
        uncuttable[cut] = piece;
      }
    }
  }

  /** Why the library would die of these merges. */
  Optional<String> hazard() {
    int length = prefix.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PREFIX) {
      return Optional.of("its continuing_subword_prefix is longer than " + MAX_PREFIX + " bytes");
    }
    String piece = uncuttable[length];
    return piece == null
        ? Optional.empty()
        : Optional.of(
            "its merges have '"
                + (piece.length() > MAX_PREFIX ? piece.substring(0, MAX_PREFIX) : piece)
                + "', which lacks the continuing_subword_prefix '"
                + prefix
                + "'");
  }
}
