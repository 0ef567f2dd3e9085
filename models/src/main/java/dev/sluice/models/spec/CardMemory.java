// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.util.Optional;

/** How much of a card Sluice's engine takes at the most, for all its models together. */
public sealed interface CardMemory {
  /** Whatever is free when it is asked for. */
  record All() implements CardMemory {}

  record Bytes(long bytes) implements CardMemory {
    public Bytes {
      if (bytes < 1) {
        throw new IllegalArgumentException("at least 1 byte, not " + bytes);
      }
    }
  }

  /** Of what is free when the first model comes to the card. */
  record Share(int percent) implements CardMemory {
    public Share {
      if (percent < 1 || percent > 100) {
        throw new IllegalArgumentException("1 to 100 percent, not " + percent);
      }
    }
  }

  /** In bytes, on a card that has so many free now. */
  default long of(long free) {
    return switch (this) {
      case All all -> Long.MAX_VALUE;
      case Bytes bytes -> bytes.bytes();
      case Share share -> (long) (free / 100.0 * share.percent());
    };
  }

  /** As {@link #parse} reads it. */
  default String text() {
    return switch (this) {
      case All all -> "all";
      case Bytes bytes -> Long.toString(bytes.bytes());
      case Share share -> share.percent() + "%";
    };
  }

  static CardMemory all() {
    return new All();
  }

  /** Reads {@code all}, a number of bytes, or a share such as {@code 80%}; empty if it is none. */
  static Optional<CardMemory> parse(String text) {
    if (text.equals("all")) {
      return Optional.of(new All());
    }
    if (text.matches("[1-9][0-9]?%|100%")) {
      return Optional.of(new Share(Integer.parseInt(text.substring(0, text.length() - 1))));
    }
    return text.matches("[1-9][0-9]{0,17}")
        ? Optional.of(new Bytes(Long.parseLong(text)))
        : Optional.empty();
  }
}
