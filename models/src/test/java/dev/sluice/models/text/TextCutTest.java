// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextCutTest {
  private static final String SMILE = "\uD83D\uDE00";

  @Test
  void shortTextIsTheSameObject() {
    String text = "abc" + SMILE;
    assertThat(TextCut.head(text, 5)).isSameAs(text);
    assertThat(TextCut.tail(text, 5)).isSameAs(text);
    assertThat(TextCut.wellFormed(text)).isSameAs(text);
  }

  @Test
  void neverCutsThroughASurrogatePair() {
    assertThat(TextCut.head("a" + SMILE + "b", 2)).isEqualTo("a");
    assertThat(TextCut.head("a" + SMILE + "b", 3)).isEqualTo("a" + SMILE);
    assertThat(TextCut.tail("a" + SMILE + "b", 2)).isEqualTo("b");
    assertThat(TextCut.tail("a" + SMILE + "b", 3)).isEqualTo(SMILE + "b");
  }

  @Test
  void replacesLoneSurrogatesAndNothingElse() {
    assertThat(TextCut.wellFormed("\uD83D")).isEqualTo("\uFFFD");
    assertThat(TextCut.wellFormed("\uDE00" + SMILE + "\uD83D"))
        .isEqualTo("\uFFFD" + SMILE + "\uFFFD");
    assertThat(TextCut.wellFormed("\uD83D" + SMILE)).isEqualTo("\uFFFD" + SMILE);
    assertThat(TextCut.wellFormed(SMILE + "\uDE00")).isEqualTo(SMILE + "\uFFFD");
  }
}
