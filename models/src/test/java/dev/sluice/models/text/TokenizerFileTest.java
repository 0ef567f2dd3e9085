// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.TextSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerFileTest {
  @TempDir private Path folder;

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("tokenizer.json"), json);
  }

  private void refused(String json, String reason) throws IOException {
    Path file = write(json);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> load(file, 8, 0))
        .withMessageContaining(reason);
  }

  private static void load(Path file, int maxTokens, int padId) throws EngineException {
    Tokenizer.load(new TextSpec(file, maxTokens, false, TextSpec.Pooling.MEAN, true, padId))
        .close();
  }

  @Test
  void missingFileIsNamed() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> load(folder.resolve("none.json"), 8, 0))
        .withMessageContaining("there is no tokenizer file")
        .withMessageContaining("none.json");
  }

  @Test
  void whatIsNoTokenizerIsRefusedWithTheReason() throws Exception {
    refused("", "not a JSON object");
    refused("[]", "not a JSON object");
    refused("{}", "it has no model with a vocabulary");
    refused("{\"model\": {}}", "it has no model with a vocabulary");
    refused("{\"added_tokens\": [{\"id\": 1}]}", "it has no model with a vocabulary");
    refused("hello", "not JSON");
    refused("[".repeat(100_000), "not a JSON object");
    refused("{\"model\": " + "[".repeat(100_000), "not JSON");
    refused(TinyTokenizer.JSON.substring(0, 250), "not JSON");
    refused("{\"model\": {\"vocab\": {\"a\": 1e99}}}", "not JSON");
  }

  @Test
  void idsThatNoModelHasAreRefused() throws Exception {
    refused(TinyTokenizer.JSON.replace("\"A\": 3", "\"A\": 4294967295"), "4294967295");
  }

  @Test
  void whatOnlyTheLibraryCanJudgeIsRefusedByIt() throws Exception {
    refused("{\"model\": {\"vocab\": {\"a\": 1}}}", "the tokenizer library refuses");
    refused(TinyTokenizer.JSON.replace("Whitespace", "Wormhole"), "the tokenizer library refuses");
  }

  @Test
  void tokenizerThatCannotTokenizeAnythingIsRefused() throws Exception {
    refused(
        TinyTokenizer.JSON.replace("\"[UNK]\": 0, \"a\": 1", "\"x\": 0"),
        "makes no token of any plain text");
  }

  /** Each of these would end the process if the library got to see it. */
  @Test
  void whatTheLibraryWouldDieOfIsRefusedBeforeItIsAsked() throws Exception {
    String charsmap = step("normalizer", "{'type': 'Precompiled', 'precompiled_charsmap': '%s'}");
    refused(charsmap.formatted("AAAA"), "precompiled_charsmap is broken");
    refused(charsmap.formatted("no base64"), "precompiled_charsmap is broken");
    refused(charsmap.formatted("/////wAAAAA="), "precompiled_charsmap is broken");
    refused(charsmap.formatted("BAAAAAAAAAD///8="), "precompiled_charsmap is broken");
    refused(
        step(
            "normalizer",
            "{'type': 'Sequence', 'normalizers': ["
                + "{'type': 'Precompiled', 'precompiled_charsmap': ''}]}"),
        "precompiled_charsmap is broken");
    refused(
        TinyTokenizer.JSON.replace(
            "{\"type\": \"Whitespace\"}", "{\"type\": \"FixedLength\", \"length\": 0}"),
        "FixedLength");
    String template =
        step(
            "post_processor",
            "{'type': 'TemplateProcessing', 'single': [%s], 'pair': [],"
                + " 'special_tokens': {}}");
    refused(
        template.formatted("{\"SpecialToken\": {\"id\": \"[NO]\", \"type_id\": 0}}"),
        "special token that it does not define: \"[NO]\"");
    refused(
        template.formatted("{\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}"), "asks for a second");
  }

  /** The library cuts the prefix off by counting bytes, and ends the process where it cannot. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'continuing_subword_prefix': '##', 'merges': ['a b']",
        "'merges': [['a', 'b']], 'continuing_subword_prefix': '##'",
        "'merges': ['a 的'], 'continuing_subword_prefix': '#'",
        "'merges': [['a', '']], 'continuing_subword_prefix': '#'",
      })
  void mergesWithoutTheirPrefixAreRefused(String rest) throws Exception {
    refused(bpe(rest), "lacks the continuing_subword_prefix '#");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'continuing_subword_prefix': '##', 'merges': ['a ##b']",
        "'continuing_subword_prefix': '##', 'merges': [['a', '##b']]",
        "'continuing_subword_prefix': '', 'merges': ['a b']",
        "'continuing_subword_prefix': null, 'merges': ['a b']",
      })
  void mergesThatTheLibraryTakesPass(String rest) throws Exception {
    load(write(bpe(rest)), 8, 0);
  }

  private static String bpe(String rest) {
    return """
    {'version': '1.0', 'added_tokens': [], 'normalizer': null, 'pre_tokenizer': null,
     'post_processor': null, 'decoder': null, 'model': {'type': 'BPE', 'dropout': null,
     'unk_token': null, 'end_of_word_suffix': null, 'fuse_unk': false, 'byte_fallback': false,
     'vocab': {'a': 0, 'b': 1, 'ab': 2, '##b': 3, '的': 4}, %s}}
    """
        .formatted(rest)
        .replace('\'', '"');
  }

  @Test
  void idsOutsideOfTheVocabularyNeverLeaveTheTokenizer() throws Exception {
    refused(
        step(
            "post_processor",
            "{'type': 'BertProcessing', 'sep': ['s', 4294967295]," + " 'cls': ['c', 1]}"),
        "the tokenizer gave the id 4294967295, its vocabulary has 4");
  }

  @Test
  void charactersThatTheTokenizerCannotTakeAreFoundWhenItIsLoaded() throws Exception {
    refused(TinyTokenizer.JSON.replace("[UNK]\": 0", "x\": 0"), "fails on a simple text");
  }

  private static String step(String name, String json) {
    return TinyTokenizer.JSON.replace(
        "\"" + name + "\": null", "\"" + name + "\": " + json.replace('\'', '"'));
  }

  @Test
  void specMustLeaveRoomForATextAndPadWithAKnownId() throws Exception {
    Path minilm = MiniLm.tokenizerFile();
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> load(minilm, 2, 0))
        .withMessageContaining("leaves no room");
    load(minilm, 3, 30_521);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> load(minilm, 3, 30_522))
        .withMessageContaining("pad id 30522");
  }

  @Test
  void vocabularyCountsAddedTokensAndLists() throws Exception {
    assertThat(TokenizerFile.read(write(TinyTokenizer.JSON)).vocabulary()).isEqualTo(4);
    String added =
        TinyTokenizer.JSON.replace("\"added_tokens\": []", "\"added_tokens\": [{\"id\": 9}]");
    assertThat(TokenizerFile.read(write(added)).vocabulary()).isEqualTo(10);
    String unigram =
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", -1.5], [\"b\", -2]]}}";
    TokenizerFile list = TokenizerFile.read(write(unigram));
    assertThat(list.vocabulary()).isEqualTo(2);
    assertThat(list.json()).isEqualTo(unigram.getBytes(StandardCharsets.UTF_8));
  }
}
