// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.fidelity.FidelityText;
import dev.sluice.models.spec.FidelityBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code fidelity.json} says of the variant that it lies beside: what was made of what, how,
 * and how near it came. Its keys are always in the same order.
 *
 * @param file the variant's file, in the same folder
 * @param bytes of that file
 * @param sha256 of that file
 * @param inputs how many inputs it was measured on
 */
public record Receipt(
    VariantKey key,
    String variant,
    String file,
    long bytes,
    String sha256,
    boolean pooled,
    String scheme,
    List<String> notes,
    int inputs,
    Fidelity fidelity,
    FidelityBudget budget) {
  /** Raised with each change of what stands in the file. */
  static final int FORMAT = 1;

  public static final String FILE = "fidelity.json";

  private static final long MOST_BYTES = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public Receipt {
    notes = List.copyOf(notes);
  }

  /** The same of a file that was moved. */
  Receipt withFile(String moved) {
    return new Receipt(
        key, variant, moved, bytes, sha256, pooled, scheme, notes, inputs, fidelity, budget);
  }

  byte[] json() throws JsonProcessingException {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("format", FORMAT).put("variant", variant).put("scheme", scheme);
    node.set("fidelity", FidelityText.json(fidelity));
    node.put("inputs", inputs);
    node.putObject("budget")
        .put("cosine_mean", budget.cosineMean())
        .put("cosine_p1", budget.cosineP1());
    List<String> missed = fidelity.missed(budget);
    node.put("within_budget", missed.isEmpty());
    missed.forEach(node.putArray("missed")::add);
    notes.forEach(node.putArray("notes")::add);
    node.putObject("file").put("name", file).put("bytes", bytes).put("sha256", sha256);
    node.put("pooled", pooled);
    node.put("key", key.value());
    ObjectNode made = node.putObject("made_of");
    key.ingredients().forEach(made::put);
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  /**
   * The receipt in that folder; throws for none, and for one that no process could have written.
   */
  static Receipt read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(FILE + " is too large");
    }
    try {
      JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
      if (node.required("format").asInt() != FORMAT) {
        throw new IOException(FILE + " is of another format");
      }
      JsonNode budget = node.required("budget");
      JsonNode made = node.required("file");
      List<String> notes = new ArrayList<>();
      node.required("notes").forEach(note -> notes.add(note.asText()));
      SortedMap<String, String> ingredients = new TreeMap<>();
      for (Map.Entry<String, JsonNode> one : node.required("made_of").properties()) {
        ingredients.put(one.getKey(), one.getValue().asText());
      }
      return new Receipt(
          new VariantKey(ingredients),
          node.required("variant").asText(),
          made.required("name").asText(),
          made.required("bytes").asLong(),
          made.required("sha256").asText(),
          node.required("pooled").asBoolean(),
          node.required("scheme").asText(),
          notes,
          node.required("inputs").asInt(),
          FidelityText.fromJson(node.required("fidelity")),
          new FidelityBudget(
              budget.required("cosine_mean").asDouble(), budget.required("cosine_p1").asDouble()));
    } catch (IllegalArgumentException e) {
      throw new IOException(FILE + " is damaged: " + e.getMessage(), e);
    }
  }
}
