// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.spec.TextSpec.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration of a pooling step, in its old form (one boolean per way) and its new one
 * (a word, or a list of words).
 */
final class PoolingFile {
  private static final String OLD_PREFIX = "pooling_mode_";
  private static final String MODE = "pooling_mode";

  private static final Map<String, Pooling> KNOWN =
      Map.of(
          "cls", Pooling.CLS,
          "cls_token", Pooling.CLS,
          "mean", Pooling.MEAN,
          "mean_tokens", Pooling.MEAN,
          "lasttoken", Pooling.LAST_TOKEN);

  private PoolingFile() {}

  static Pooling read(ModelFolder folder, String file) throws RefusedException {
    List<String> active = active(JsonFile.object(folder, file), file);
    if (active.isEmpty()) {
      return Pooling.MEAN;
    }
    if (active.size() > 1) {
      throw new RefusedException(
          file + ": joining several poolings " + printable(active) + " is not supported; use one");
    }
    Pooling pooling = KNOWN.get(active.getFirst());
    if (pooling == null) {
      throw new RefusedException(
          file
              + ": pooling "
              + printable(active)
              + " is not supported; mean, cls and lasttoken are. A graph exported with its pooling"
              + " works with pooling: none in model.yaml");
    }
    return pooling;
  }

  private static List<String> active(JsonNode config, String file) throws RefusedException {
    JsonNode mode = config.path(MODE);
    List<String> active = new ArrayList<>();
    if (mode.isTextual()) {
      active.add(mode.asText());
    } else if (mode.isArray()) {
      mode.forEach(word -> active.add(word.asText()));
    } else if (!mode.isMissingNode() && !mode.isNull()) {
      throw new RefusedException(file + ": " + MODE + " must be a word or a list of words");
    } else {
      for (Map.Entry<String, JsonNode> entry : config.properties()) {
        if (entry.getKey().startsWith(OLD_PREFIX)) {
          if (!entry.getValue().isBoolean()) {
            throw new RefusedException(file + ": " + entry.getKey() + " must be true or false");
          }
          if (entry.getValue().booleanValue()) {
            active.add(entry.getKey().substring(OLD_PREFIX.length()));
          }
        }
      }
    }
    return active;
  }

  private static String printable(List<String> words) {
    return ModelNames.printable(String.join(" + ", words));
  }
}
