// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.loadtest.run.RunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file of items. In one that ends in {@code .jsonl} each line is a string, an object with a
 * {@code text} or an {@code input}, or an array of token ids; in others each line is a text. Empty
 * lines are passed over.
 */
final class CorpusFile {
  private static final int MOST_LINES = 1_000_000;
  private static final long MOST_CHARS = 256L << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private CorpusFile() {}

  /**
   * @throws RunException naming the line that does not fit
   */
  static List<Item> read(Path file) {
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    List<Item> items = new ArrayList<>();
    long chars = 0;
    long number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        chars += line.length();
        if (items.size() == MOST_LINES || chars > MOST_CHARS) {
          throw new RunException("corpus: " + file + " has more than 1,000,000 lines or 256 Mi");
        } else if (!line.isBlank()) {
          items.add(json ? item(file, number, line) : new Item.Text(line));
        }
      }
    } catch (IOException e) {
      throw new RunException("corpus: " + file + " cannot be read, or is not UTF-8");
    }
    if (items.isEmpty()) {
      throw new RunException("corpus: " + file + " has no lines");
    }
    return items;
  }

  private static Item item(Path file, long number, String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw wrong(file, number, "is not JSON");
    }
    JsonNode text = node.isObject() ? node.path(node.has("text") ? "text" : "input") : node;
    if (text.isTextual()) {
      return new Item.Text(text.textValue());
    }
    List<Long> ids = new ArrayList<>();
    for (JsonNode id : node) {
      if (!id.canConvertToInt() || !id.isIntegralNumber() || id.intValue() < 0) {
        throw wrong(file, number, "wants token ids from 0 to 2147483647");
      }
      ids.add(id.longValue());
    }
    if (!node.isArray() || ids.isEmpty()) {
      throw wrong(
          file, number, "wants a string, an object with a text or an input, or an array of ids");
    }
    return new Item.Tokens(ids);
  }

  private static RunException wrong(Path file, long number, String what) {
    return new RunException("corpus: " + file + ": line " + number + " " + what);
  }
}
