// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.LaneBounds;
import dev.sluice.kernels.encoder.Precision;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.models.spec.CardMemory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a model is loaded with, as DJL's options say it.
 *
 * @param output of the file, of which it gives what follows; empty: the first that is known
 * @param pooling empty: what the file gives is given
 * @param normalize whether pooled vectors are given at length 1
 * @param bounds the largest batch
 * @param lanes batches that run at the same time
 * @param cardMemory of all models on the card; the first that comes there decides
 */
record EncoderOptions(
    Precision precision,
    Optional<String> output,
    Optional<Pooling> pooling,
    boolean normalize,
    LaneBounds bounds,
    int lanes,
    CardMemory cardMemory) {
  private static final int DEFAULT_TOKENS = 16_384;
  private static final int DEFAULT_SEQUENCES = 1_024;
  private static final int DEFAULT_LANES = 2;
  private static final int MOST_LANES = 64;
  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              "precision",
              "output",
              "pooling",
              "normalize",
              "maxTokens",
              "maxSequences",
              "lanes",
              "cardMemory"));

  /**
   * @throws IllegalArgumentException naming the option that is wrong, and what would be right
   */
  static EncoderOptions of(Map<String, ?> options) {
    for (String name : options.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "no option '%s': there are %s".formatted(name, String.join(", ", KNOWN)));
      }
    }
    Optional<Pooling> pooling = pooling(text(options, "pooling", "none"));
    boolean normalize = flag(options);
    if (normalize && pooling.isEmpty()) {
      throw new IllegalArgumentException("normalize needs a pooling");
    }
    int tokens = number(options, "maxTokens", DEFAULT_TOKENS);
    int sequences = number(options, "maxSequences", Math.min(tokens, DEFAULT_SEQUENCES));
    int lanes = number(options, "lanes", DEFAULT_LANES);
    if (lanes < 1 || lanes > MOST_LANES) {
      throw new IllegalArgumentException(
          "lanes must be 1 to %d, not %d".formatted(MOST_LANES, lanes));
    }
    return new EncoderOptions(
        precision(text(options, "precision", "fp16")),
        Optional.of(text(options, "output", "")).filter(name -> !name.isEmpty()),
        pooling,
        normalize,
        new LaneBounds(tokens, sequences),
        lanes,
        cardMemory(text(options, "cardMemory", "all")));
  }

  private static CardMemory cardMemory(String text) {
    return CardMemory.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cardMemory must be all, bytes or a share such as 80%, not " + text));
  }

  private static Precision precision(String name) {
    return Arrays.stream(Precision.values())
        .filter(precision -> name(precision).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("precision must be fp16 or int8, not " + name));
  }

  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Pooling> pooling(String name) {
    return switch (name) {
      case "none" -> Optional.empty();
      case "mean" -> Optional.of(Pooling.MEAN);
      case "cls" -> Optional.of(Pooling.FIRST_TOKEN);
      case "last_token" -> Optional.of(Pooling.LAST_TOKEN);
      default ->
          throw new IllegalArgumentException(
              "pooling must be none, mean, cls or last_token, not " + name);
    };
  }

  private static boolean flag(Map<String, ?> options) {
    String value = text(options, "normalize", "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException("normalize must be true or false, not " + value);
    }
    return value.equals("true");
  }

  private static int number(Map<String, ?> options, String name, int otherwise) {
    String value = text(options, name, Integer.toString(otherwise));
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number, not " + value, e);
    }
  }

  private static String text(Map<String, ?> options, String name, String otherwise) {
    Object value = options.get(name);
    return value == null ? otherwise : value.toString();
  }
}
