// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;

/** Reads small JSON files with bounded size and nesting; errors name the file and the line. */
final class JsonFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 100;

  /** Which Java method would raise a limit is of no use to whoever wrote the file. */
  private static final Pattern SETTING = Pattern.compile(", from `[^`]*`\\)");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(factory())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
        .build();
  }

  static JsonNode object(ModelFolder folder, String relative) throws RefusedException {
    JsonNode node = read(folder, relative);
    if (!node.isObject()) {
      throw new RefusedException(relative + " must hold a JSON object");
    }
    return node;
  }

  /** An empty object where the file is not there. */
  static JsonNode optionalObject(ModelFolder folder, String relative) throws RefusedException {
    return folder.has(relative) ? object(folder, relative) : MAPPER.createObjectNode();
  }

  static JsonNode read(ModelFolder folder, String relative) throws RefusedException {
    try {
      return MAPPER.readTree(folder.text(relative, MAX_BYTES));
    } catch (JsonProcessingException e) {
      throw new RefusedException(problem(relative, e));
    }
  }

  static String problem(String relative, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return relative + " is not valid JSON" + where + ": " + firstLine(e.getOriginalMessage());
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return SETTING.matcher(line).replaceFirst(")");
  }
}
