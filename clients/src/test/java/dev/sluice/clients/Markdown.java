// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the project: what it tells its readers to type. */
final class Markdown {
  private static final Path ROOT = Path.of(System.getProperty("sluice.root"));
  private static final Pattern CURL =
      Pattern.compile(
          "^curl (?:[^\\n]*\\\\\\n)*[^\\n]*$|(?<=`)curl [^`\\n]+(?=`)", Pattern.MULTILINE);

  private final String text;

  private Markdown(String text) {
    this.text = text;
  }

  static Markdown page(String name) throws IOException {
    return new Markdown(Files.readString(ROOT.resolve(name)));
  }

  /** Those on lines of their own, with the lines that continue them, and those inside a text. */
  List<String> curlCommands() {
    return CURL.matcher(text).results().map(MatchResult::group).toList();
  }

  /** The blocks of a language. */
  List<String> blocks(String language) {
    Pattern block =
        Pattern.compile(
            "^```" + Pattern.quote(language) + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    return block.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
