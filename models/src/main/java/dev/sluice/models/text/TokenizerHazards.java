// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Settings of a {@code tokenizer.json} that the native library does not refuse but dies of, and the
 * process with it. Not complete: a regular expression, for one, can only be tried.
 */
final class TokenizerHazards {
  private TokenizerHazards() {}

  /** What is wrong with a normalizer, pre-tokenizer or post-processor, or with one inside of it. */
  static Optional<String> find(JsonNode part) {
    Optional<String> own =
        switch (part.path("type").asText()) {
          case "Precompiled" -> charsmap(part.path("precompiled_charsmap").asText());
          case "FixedLength" -> fixedLength(part.path("length"));
          case "TemplateProcessing" -> template(part);
          default -> Optional.empty();
        };
    if (own.isPresent()) {
      return own;
    }
    for (JsonNode child : part) {
      Optional<String> below = find(child);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  /** A trie with its size in bytes in front, and after it the strings that it leads to. */
  private static Optional<String> charsmap(String base64) {
    try {
      ByteBuffer map =
          ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
      long trie = map.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(map.getInt());
      if (trie >= Integer.BYTES && trie % Integer.BYTES == 0 && trie <= map.remaining()) {
        map.position(map.position() + (int) trie);
        StandardCharsets.UTF_8.newDecoder().decode(map);
        return Optional.empty();
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // Not base64, or not strings: broken like any other.
    }
    return Optional.of("its precompiled_charsmap is broken");
  }

  private static Optional<String> fixedLength(JsonNode length) {
    return length.isIntegralNumber() && length.asLong() < 1
        ? Optional.of("its FixedLength pre-tokenizer has the length " + length)
        : Optional.empty();
  }

  private static Optional<String> template(JsonNode template) {
    for (JsonNode piece : template.path("single")) {
      if (piece.path("Sequence").path("id").asText().equals("B")) {
        return Optional.of("its template for one text asks for a second");
      }
      JsonNode id = piece.path("SpecialToken").path("id");
      if (id.isTextual() && !template.path("special_tokens").has(id.asText())) {
        return Optional.of("its template has a special token that it does not define: " + id);
      }
    }
    return Optional.empty();
  }
}
