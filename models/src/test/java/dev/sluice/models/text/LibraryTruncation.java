// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;

/** The same tokenizer with the native library's own truncation: what ours has to equal. */
record LibraryTruncation(long handle) {

  static LibraryTruncation of(int maxTokens, String direction) throws Exception {
    String json =
        Files.readString(MiniLm.tokenizerFile())
            .replaceFirst("\"direction\": \"Right\"", "\"direction\": \"" + direction + "\"")
            .replaceFirst("\"max_length\": 128", "\"max_length\": " + maxTokens);
    // Loads the native library; its instance would overwrite the truncation of the file.
    HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(TinyTokenizer.JSON.getBytes(StandardCharsets.UTF_8)), Map.of())
        .close();
    long handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
    TokenizersLibrary.LIB.disablePadding(handle);
    return new LibraryTruncation(handle);
  }

  int[] ids(String text) {
    long encoding = TokenizersLibrary.LIB.encode(handle, text, true);
    long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
    TokenizersLibrary.LIB.deleteEncoding(encoding);
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }
}
