// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.server.core.EmbedInput;
import java.util.ArrayList;
import java.util.List;

/** The first few texts of a request, and of each its beginning. */
final class LoggedTexts {
  static final int MOST = 4;
  static final int LONGEST = 200;

  private LoggedTexts() {}

  static List<String> of(List<EmbedInput> inputs) {
    List<String> texts = new ArrayList<>();
    for (EmbedInput input : inputs) {
      if (texts.size() == MOST) {
        break;
      }
      if (input instanceof EmbedInput.Text text) {
        texts.add(cut(text.text(), LONGEST));
      }
    }
    return List.copyOf(texts);
  }

  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }
}
