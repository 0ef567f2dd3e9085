// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.ghz.Inference;
import io.grpc.Metadata;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Metadata that differs between calls, by weight. Used by one thread. */
final class Mixes {
  private final List<Mix> mixes;
  private final RandomGenerator random;

  private record Mix(Metadata.Key<String> key, NavigableMap<Long, String> upTo) {}

  Mixes(List<Inference.Mix> mixes, RandomGenerator random) {
    this.mixes = mixes.stream().map(Mixes::mix).toList();
    this.random = random;
  }

  /** Draws a value for each key. */
  void add(Metadata metadata) {
    for (Mix mix : mixes) {
      long drawn = random.nextLong(mix.upTo().lastKey());
      metadata.put(mix.key(), mix.upTo().higherEntry(drawn).getValue());
    }
  }

  /** The two that Sluice's servers know are named as there. */
  private static Mix mix(Inference.Mix mix) {
    String key = mix.key();
    boolean known = key.equals("tenant") || key.equals("criticality");
    NavigableMap<Long, String> upTo = new TreeMap<>();
    long sum = 0;
    for (Inference.Share share : mix.shares()) {
      sum += share.weight();
      upTo.put(sum, share.value());
    }
    return new Mix(
        Metadata.Key.of(known ? "sluice-" + key : key, Metadata.ASCII_STRING_MARSHALLER), upTo);
  }
}
