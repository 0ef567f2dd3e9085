// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.models.engine.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  private static final int CLS = 101;
  private static final int SEP = 102;
  private static final int UNK = 100;
  private static final int LIMIT = 16;
  private static final int ROOM = LIMIT - 2;

  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() throws EngineException {
    tokenizer = MiniLm.tokenizer(LIMIT);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static int[] ids(String text) throws TextTooLongException {
    return tokenizer.tokenize(text, Truncation.NONE).ids();
  }

  @Test
  void knownTextHasItsKnownIds() throws Exception {
    assertThat(ids("Hello, world!")).containsExactly(CLS, 7592, 1010, 2088, 999, SEP);
  }

  @Test
  void emptyTextIsTheSpecialTokensAlone() throws Exception {
    assertThat(ids("")).containsExactly(CLS, SEP);
    assertThat(ids(" \t\n")).containsExactly(CLS, SEP);
  }

  @ParameterizedTest
  @EnumSource(Truncation.class)
  void textThatJustFitsIsLeftAlone(Truncation truncation) throws Exception {
    TokenizedText text = tokenizer.tokenize("dog ".repeat(ROOM), truncation);
    assertThat(text.truncated()).isFalse();
    assertThat(text.ids()).hasSize(LIMIT).startsWith(CLS, 3899).endsWith(3899, SEP);
  }

  @Test
  void oneTokenTooManyIsRefusedWhereNoTruncationIsAllowed() {
    assertThatExceptionOfType(TextTooLongException.class)
        .isThrownBy(() -> tokenizer.tokenize("dog ".repeat(ROOM + 1), Truncation.NONE))
        .withMessage("17 tokens, the model takes at most 16")
        .satisfies(
            e -> {
              assertThat(e.unit()).isEqualTo(TextTooLongException.Unit.TOKENS);
              assertThat(e.length()).isEqualTo(LIMIT + 1);
              assertThat(e.limit()).isEqualTo(LIMIT);
            });
  }

  @Test
  void oneTokenTooManyLosesTheEndOrTheStart() throws Exception {
    TokenizedText end = tokenizer.tokenize("dog ".repeat(ROOM) + "cat", Truncation.END);
    assertThat(end.truncated()).isTrue();
    assertThat(end.ids()).hasSize(LIMIT).startsWith(CLS, 3899).endsWith(3899, SEP);

    TokenizedText start = tokenizer.tokenize("cat " + "dog ".repeat(ROOM), Truncation.START);
    assertThat(start.truncated()).isTrue();
    assertThat(start.ids()).isEqualTo(end.ids());
  }

  @Test
  void specialTokensWrittenInTheTextAreNotTakenForTheOnesAroundIt() throws Exception {
    String text = "[SEP] ".repeat(ROOM + 3);
    assertThat(tokenizer.tokenize(text, Truncation.END).ids())
        .isEqualTo(LibraryTruncation.of(LIMIT, "Right").ids(text));
  }

  @Test
  void truncatesExactlyAsTheLibraryDoes() throws Exception {
    LibraryTruncation right = LibraryTruncation.of(LIMIT, "Right");
    LibraryTruncation left = LibraryTruncation.of(LIMIT, "Left");
    for (String text :
        List.of(
            "An embedding server turns unbelievably long sentences into short vectors, always.",
            "日本語のテキストは文字ごとに分かれますので長くなります",
            "snake_case CamelCase 3.14159265358979 https://example.org/a/b?c=d#e",
            "👩‍👩‍👧‍👦 family, naïve café, Ωμέγα, [MASK] [CLS] pneumonoultramicroscopic")) {
      assertThat(tokenizer.tokenize(text, Truncation.END).ids()).isEqualTo(right.ids(text));
      assertThat(tokenizer.tokenize(text, Truncation.START).ids()).isEqualTo(left.ids(text));
    }
  }

  @Test
  void paddingAndTruncationOfTheFileItselfDoNotCount() throws Exception {
    try (Tokenizer roomy = MiniLm.tokenizer(256)) {
      assertThat(roomy.tokenize("dog ".repeat(200), Truncation.NONE).ids()).hasSize(202);
      assertThat(roomy.tokenize("dog", Truncation.NONE).ids()).hasSize(3);
    }
  }

  @Test
  void loneSurrogatesCountAsReplacementCharacters() throws Exception {
    assertThat(ids("a\uD83Db")).isEqualTo(ids("a\uFFFDb"));
    assertThat(ids("\uDE00\uD83D")).isEqualTo(ids("\uFFFD\uFFFD"));
    assertThat(ids("a \uD83D\uDE00 b")).isNotEqualTo(ids("a \uFFFD\uFFFD b"));
  }

  @Test
  void nulIsACharacterAndEndsNothing() throws Exception {
    assertThat(ids("dog\0 cat")).isEqualTo(ids("dog cat"));
    assertThat(ids("\0")).containsExactly(CLS, SEP);
  }

  @Test
  void hugeTextIsCutBeforeItIsTokenized() throws Exception {
    String huge = "a".repeat(10 << 20);
    for (Truncation truncation : List.of(Truncation.END, Truncation.START)) {
      TokenizedText text = tokenizer.tokenize(huge, truncation);
      assertThat(text.ids()).containsExactly(CLS, UNK, SEP);
      assertThat(text.truncated()).isTrue();
    }
    assertThatExceptionOfType(TextTooLongException.class)
        .isThrownBy(() -> tokenizer.tokenize(huge, Truncation.NONE))
        .withMessage("10485760 characters, the model takes at most 4000");
  }

  @Test
  void hugeTextOfWordsKeepsTheTokensOfItsEnds() throws Exception {
    String huge = "cat " + "dog ".repeat(1 << 20) + "bird";
    assertThat(tokenizer.tokenize(huge, Truncation.END).ids())
        .hasSize(LIMIT)
        .startsWith(CLS, 4937, 3899);
    assertThat(tokenizer.tokenize(huge, Truncation.START).ids())
        .hasSize(LIMIT)
        .endsWith(3899, 4743, SEP);
  }

  @Test
  void textAtTheCharacterLimitIsStillRead() throws Exception {
    String text = "a".repeat(tokenizer.maxChars());
    assertThat(ids(text)).containsExactly(CLS, UNK, SEP);
    assertThatExceptionOfType(TextTooLongException.class).isThrownBy(() -> ids(text + "a"));
  }

  @Test
  void acceptsIdsOfTheVocabulary() throws Exception {
    int[] ids = {CLS, 0, tokenizer.vocabulary() - 1, SEP};
    TokenizedText accepted = tokenizer.accept(ids, Truncation.NONE);
    assertThat(accepted.ids()).containsExactly(ids);
    assertThat(accepted.truncated()).isFalse();
    assertThat(tokenizer.vocabulary()).isEqualTo(30_522);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 30_522, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesIdsBeyondTheVocabulary(int id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.accept(new int[] {CLS, id, SEP}, Truncation.NONE))
        .withMessage("token id " + id + " at position 1 is unknown, ids go from 0 to 30521");
  }

  @Test
  void refusesNoIdsAtAll() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.accept(new int[0], Truncation.END))
        .withMessageContaining("no token ids");
  }

  @Test
  void tooManyIdsAreCutLikeTexts() throws Exception {
    int[] ids = new int[LIMIT + 1];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 2000 + i;
    }
    ids[0] = CLS;
    ids[LIMIT] = SEP;
    assertThatExceptionOfType(TextTooLongException.class)
        .isThrownBy(() -> tokenizer.accept(ids, Truncation.NONE));
    assertThat(tokenizer.accept(ids, Truncation.END).ids())
        .hasSize(LIMIT)
        .startsWith(CLS, 2001, 2002)
        .endsWith(2014, SEP);
    assertThat(tokenizer.accept(ids, Truncation.START).ids())
        .hasSize(LIMIT)
        .startsWith(CLS, 2002)
        .endsWith(2015, SEP);
  }

  @Test
  void tooManyIdsWithoutSpecialTokensAreCutAtOneEnd() throws Exception {
    int[] ids = new int[LIMIT + 5];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 2000 + i;
    }
    assertThat(tokenizer.accept(ids, Truncation.END).ids()).startsWith(2000).endsWith(2015);
    assertThat(tokenizer.accept(ids, Truncation.START).ids()).startsWith(2005).endsWith(2020);
  }

  @Test
  void threadsThatShareItGetTheSameIds() throws Exception {
    List<String> texts = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("text number " + i + " of the shared tokenizer");
      expected.add(ids(texts.get(i)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<List<int[]>>> runs = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        runs.add(
            threads.submit(
                () -> {
                  List<int[]> found = new ArrayList<>();
                  for (String text : texts) {
                    found.add(ids(text));
                  }
                  return found;
                }));
      }
      for (Future<List<int[]>> run : runs) {
        assertThat(run.get()).usingElementComparator(java.util.Arrays::compare).isEqualTo(expected);
      }
    }
  }

  @Test
  void closedTokenizerRefusesInsteadOfCrashing() throws Exception {
    Tokenizer closed = MiniLm.tokenizer(LIMIT);
    closed.close();
    closed.close();
    assertThatIllegalStateException().isThrownBy(() -> closed.tokenize("dog", Truncation.NONE));
  }

  @Test
  void lowerCasesWhereTheSpecSaysSo(@TempDir Path folder) throws Exception {
    try (Tokenizer kept = Tokenizer.load(TinyTokenizer.spec(folder, 4, false));
        Tokenizer lowered = Tokenizer.load(TinyTokenizer.spec(folder, 4, true))) {
      assertThat(kept.tokenize("A b", Truncation.NONE).ids()).containsExactly(3, 2);
      assertThat(lowered.tokenize("A b", Truncation.NONE).ids()).containsExactly(1, 2);
    }
  }

  @Test
  void textWithoutAnyTokenIsOnePadToken(@TempDir Path folder) throws Exception {
    try (Tokenizer tiny = Tokenizer.load(TinyTokenizer.spec(folder, 4, false))) {
      assertThat(tiny.tokenize("", Truncation.NONE).ids()).containsExactly(0);
      assertThat(tiny.tokenize("a b a b A", Truncation.END).ids()).containsExactly(1, 2, 1, 2);
      assertThat(tiny.tokenize("a b a b A", Truncation.START).ids()).containsExactly(2, 1, 2, 3);
    }
  }
}
