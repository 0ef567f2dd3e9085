// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

/** Cuts and cleans a text before it is tokenized. */
final class TextCut {
  private static final char REPLACEMENT = '\uFFFD';

  private TextCut() {}

  /** The first characters, at most so many, without half of a surrogate pair at the border. */
  static String head(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    return text.substring(0, splitsPair(text, limit) ? limit - 1 : limit);
  }

  /** The last characters, at most so many, without half of a surrogate pair at the border. */
  static String tail(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int start = text.length() - limit;
    return text.substring(splitsPair(text, start) ? start + 1 : start);
  }

  private static boolean splitsPair(String text, int border) {
    return border > 0
        && border < text.length()
        && Character.isSurrogatePair(text.charAt(border - 1), text.charAt(border));
  }

  /**
   * The text with U+FFFD in place of every surrogate without its other half: what a decoder of
   * UTF-8 would have put there, and nothing that native code has to guess about.
   */
  static String wellFormed(String text) {
    int bad = firstLoneSurrogate(text, 0);
    if (bad < 0) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text);
    for (; bad >= 0; bad = firstLoneSurrogate(text, bad + 1)) {
      clean.setCharAt(bad, REPLACEMENT);
    }
    return clean.toString();
  }

  private static int firstLoneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))
          && !splitsPair(text, i)
          && !splitsPair(text, i + 1)) {
        return i;
      }
    }
    return -1;
  }
}
