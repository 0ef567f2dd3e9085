// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.inprocess;

import java.util.List;

/**
 * What is embedded: questions of about twenty tokens, as a search gets them. All are of one length
 * in words, so that both sides pad alike whatever they put together.
 */
public final class Texts {
  public static final List<String> ALL =
      List.of(
          "how long does it take for a letter from the north coast to reach the capital in winter",
          "which of the two old bridges over the river was built first and who paid for the work",
          "what should I feed a young horse in the last weeks of summer when the grass is dry",
          "where can a visitor see the oldest printed map of the world and what does it cost",
          "why does the water in a deep lake stay cold all year even when the sun is hot",
          "who wrote the first book about the stars that people could read in their own plain language",
          "when did the people of the hill villages begin to grow tea and whom did they sell to",
          "can a small house be kept warm with nothing but wood and how much would it need");

  /** Of as few tokens as a text can have, to warm up everything but the model. */
  public static final List<String> SHORTEST = List.of("a");

  private Texts() {}
}
