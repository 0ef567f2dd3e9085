// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.TextSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Texts to token ids with the Hugging Face library, from a {@code tokenizer.json} and nothing else:
 * never a name, which the library would look up on the network.
 *
 * <p>Safe for any number of threads. The library pads and truncates nothing, whatever the file
 * says; truncation is done here. Only the ids cross from native code (a full {@code Encoding} costs
 * a quarter more, for strings and spans that nobody reads), so this class owns each native encoding
 * and frees it. Tokenizing holds the read lock and {@link #close} the write lock, so the native
 * tokenizer is never freed under a call; a call after that fails.
 */
public final class Tokenizer implements AutoCloseable {
  /**
   * What lies beyond is not read. It could only matter to a text that has more characters than this
   * for each token that is kept, which takes long runs of blanks or of unknown characters.
   */
  private static final int CHARS_PER_TOKEN = 250;

  private static final Map<String, String> AS_IT_IS =
      Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "true");

  /**
   * Runs of one character, on which a careless regular expression takes forever and the library
   * then dies: better here, where a model is on trial, than under a client's text.
   */
  private static final String[] TRIALS = {"a", "0", " ", "\n", "-", "é", "的", "\uD83D\uDE00", "a "};

  private static final int TRIAL_LENGTH = 500;

  /** The first that gives any token shows which special tokens go around it. */
  private static final String[] PROBES = {"a", "hello world", "0", "的"};

  private final TextSpec spec;
  private final int vocabulary;
  private final HuggingFaceTokenizer library;
  private final SpecialTokens special;
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private Tokenizer(TextSpec spec, int vocabulary, HuggingFaceTokenizer library)
      throws EngineException {
    this.spec = spec;
    this.vocabulary = vocabulary;
    this.library = library;
    this.special = probe();
  }

  /**
   * Reads the spec's tokenizer file.
   *
   * @throws EngineException saying what is wrong with the file or the spec
   */
  public static Tokenizer load(TextSpec spec) throws EngineException {
    TokenizerFile file = TokenizerFile.read(spec.tokenizer());
    HuggingFaceTokenizer library;
    try {
      library = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.json()), AS_IT_IS);
    } catch (IOException | RuntimeException e) {
      throw new EngineException(
          "the tokenizer library refuses " + spec.tokenizer() + ": " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new EngineException("the native tokenizer library cannot be loaded: " + e, e);
    }
    try {
      Tokenizer tokenizer = new Tokenizer(spec, file.vocabulary(), library);
      tokenizer.check();
      return tokenizer;
    } catch (EngineException e) {
      library.close();
      throw e;
    }
  }

  private void check() throws EngineException {
    if (spec.maxTokens() <= special.count()) {
      throw new EngineException(
          "max tokens "
              + spec.maxTokens()
              + " leaves no room for a text: the tokenizer adds "
              + special.count()
              + " special tokens");
    }
    try {
      for (String trial : TRIALS) {
        encode(trial.repeat(TRIAL_LENGTH));
      }
    } catch (RuntimeException e) {
      throw new EngineException(
          "the tokenizer " + spec.tokenizer() + " fails on a simple text: " + e.getMessage(), e);
    }
    if (spec.padId() < 0 || spec.padId() >= vocabulary) {
      throw new EngineException(
          "pad id " + spec.padId() + " is not in the tokenizer's vocabulary of " + vocabulary);
    }
  }

  private SpecialTokens probe() throws EngineException {
    String reason = "";
    for (String text : PROBES) {
      try {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, true);
        try {
          int[] ids = ids(encoding);
          long[] added = TokenizersLibrary.LIB.getSpecialTokenMask(encoding);
          SpecialTokens found = SpecialTokens.of(ids, added);
          if (found.count() < ids.length) {
            return found;
          }
        } finally {
          TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
      } catch (RuntimeException e) {
        reason = ": " + e.getMessage();
      }
    }
    throw new EngineException(
        "the tokenizer " + spec.tokenizer() + " makes no token of any plain text" + reason);
  }

  /** The highest token id plus one. */
  public int vocabulary() {
    return vocabulary;
  }

  /** The longest text that is tokenized in full. */
  public int maxChars() {
    return (int) Math.min(Integer.MAX_VALUE, (long) CHARS_PER_TOKEN * spec.maxTokens());
  }

  /**
   * The ids of a text, special tokens included, never none: a text that has no tokens at all is one
   * pad token. Lone surrogates count as U+FFFD; NUL is a character like any other.
   */
  public TokenizedText tokenize(String text, Truncation truncation) throws TextTooLongException {
    String within =
        switch (truncation) {
          case NONE -> whole(text);
          case END -> TextCut.head(text, maxChars());
          case START -> TextCut.tail(text, maxChars());
        };
    boolean cut = within.length() < text.length();
    String clean = TextCut.wellFormed(within);
    int[] ids = encode(spec.lowerCase() ? clean.toLowerCase(Locale.ROOT) : clean);
    if (ids.length == 0) {
      return new TokenizedText(new int[] {spec.padId()}, cut);
    }
    TokenizedText fitted = fit(ids, truncation);
    return cut && !fitted.truncated() ? new TokenizedText(fitted.ids(), true) : fitted;
  }

  private String whole(String text) throws TextTooLongException {
    if (text.length() > maxChars()) {
      throw TextTooLongException.ofCharacters(text.length(), maxChars());
    }
    return text;
  }

  /**
   * Checks token ids that a client brought, special tokens included.
   *
   * @throws IllegalArgumentException naming the first id that is not in the vocabulary
   */
  public TokenizedText accept(int[] ids, Truncation truncation) throws TextTooLongException {
    if (ids.length == 0) {
      throw new IllegalArgumentException("there are no token ids, give at least one");
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id "
                + ids[i]
                + " at position "
                + i
                + " is unknown, ids go from 0 to "
                + (vocabulary - 1));
      }
    }
    return fit(ids, truncation);
  }

  private TokenizedText fit(int[] ids, Truncation truncation) throws TextTooLongException {
    if (ids.length <= spec.maxTokens()) {
      return new TokenizedText(ids, false);
    }
    if (truncation == Truncation.NONE) {
      throw new TextTooLongException(ids.length, spec.maxTokens());
    }
    return new TokenizedText(special.cut(ids, spec.maxTokens(), truncation), true);
  }

  private int[] encode(String text) {
    inUse.readLock().lock();
    try {
      Long handle = library.getHandle();
      long encoding = TokenizersLibrary.LIB.encode(handle, text, true);
      try {
        return ids(encoding);
      } finally {
        TokenizersLibrary.LIB.deleteEncoding(encoding);
      }
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** A file can name ids that its vocabulary lacks; no model must ever be asked for one. */
  private int[] ids(long encoding) {
    long[] wide = TokenizersLibrary.LIB.getTokenIds(encoding);
    int[] ids = new int[wide.length];
    for (int i = 0; i < ids.length; i++) {
      if (wide[i] < 0 || wide[i] >= vocabulary) {
        throw new IllegalStateException(
            "the tokenizer gave the id " + wide[i] + ", its vocabulary has " + vocabulary);
      }
      ids[i] = (int) wide[i];
    }
    return ids;
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      library.close();
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
