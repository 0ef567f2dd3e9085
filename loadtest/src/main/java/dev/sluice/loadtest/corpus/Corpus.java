// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.corpus;

import dev.sluice.loadtest.ghz.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Items that take turns; at least one. For any thread. */
public final class Corpus {
  /** So many different ones that no server answers from memory by accident. */
  private static final int MADE_UP = 4_096;

  /** Of all that is made up, so that long texts do not fill the memory. */
  private static final int MOST_WORDS = 4_000_000;

  /** Most words of a text become one token of common vocabularies, or two. */
  private static final List<String> WORDS =
      List.of(
          "the",
          "of",
          "and",
          "a",
          "in",
          "to",
          "is",
          "was",
          "for",
          "with",
          "on",
          "as",
          "by",
          "at",
          "from",
          "that",
          "river",
          "house",
          "water",
          "winter",
          "summer",
          "north",
          "old",
          "young",
          "people",
          "city",
          "light",
          "music",
          "paper",
          "bridge",
          "horse",
          "garden",
          "market",
          "answer",
          "question",
          "number",
          "letter",
          "morning",
          "evening",
          "road",
          "small",
          "large",
          "first",
          "last",
          "early",
          "late",
          "open",
          "close",
          "write",
          "read",
          "build",
          "carry",
          "find",
          "keep",
          "learn",
          "grow",
          "cost",
          "price",
          "year",
          "week",
          "day",
          "hour",
          "map",
          "stone");

  private final List<Item> items;

  private Corpus(List<Item> items) {
    this.items = List.copyOf(items);
  }

  /**
   * @throws dev.sluice.loadtest.run.RunException if a file cannot be used
   */
  public static Corpus texts(Inference inference, int seed) {
    return of(inference, seed, Corpus::text);
  }

  /**
   * @throws dev.sluice.loadtest.run.RunException if a file cannot be used
   */
  public static Corpus tokens(Inference inference, int seed, Ids ids) {
    return of(inference, seed, (length, random) -> tokens(length, ids, random));
  }

  /**
   * What token ids are made up.
   *
   * @param longest row of them
   */
  public record Ids(long least, long most, int longest) {}

  private static Corpus of(Inference inference, int seed, Maker maker) {
    return new Corpus(
        inference.corpus().isPresent()
            ? CorpusFile.read(inference.corpus().get())
            : madeUp(inference.lengths(), maker, new SplittableRandom(seed)));
  }

  private interface Maker {
    Item make(int length, SplittableRandom random);
  }

  /** Items that somebody else made up. */
  public static Corpus of(List<Item> items) {
    return new Corpus(items);
  }

  /** One of those that texts are made up of. */
  public static String word(SplittableRandom random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  public void forEach(Consumer<Item> action) {
    items.forEach(action);
  }

  public int size() {
    return items.size();
  }

  /**
   * @param place from 0; beyond the last, they begin anew
   */
  public Item at(long place) {
    return items.get((int) (place % items.size()));
  }

  private static List<Item> madeUp(
      Inference.Lengths lengths, Maker maker, SplittableRandom random) {
    IntSupplier draw = LengthDraw.of(lengths, random);
    List<Item> items = new ArrayList<>();
    int words = 0;
    while (items.size() < MADE_UP && (words < MOST_WORDS || items.isEmpty())) {
      int length = draw.getAsInt();
      items.add(maker.make(length, random));
      words += length;
    }
    return items;
  }

  private static Item text(int words, SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(word(random));
    }
    return new Item.Text(text.toString());
  }

  private static Item tokens(int length, Ids ids, SplittableRandom random) {
    int some = Math.min(length, ids.longest());
    return new Item.Tokens(random.longs(some, ids.least(), ids.most() + 1).boxed().toList());
  }
}
