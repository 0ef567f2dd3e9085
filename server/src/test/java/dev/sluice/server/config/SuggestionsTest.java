// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SuggestionsTest {
  private static final List<String> WORDS = List.of("serve", "doctor", "version", "health");

  @Test
  void oneMistakeOfAnyKindIsForgiven() {
    assertThat(Suggestions.nearest("serv", WORDS)).hasValue("serve");
    assertThat(Suggestions.nearest("sserve", WORDS)).hasValue("serve");
    assertThat(Suggestions.nearest("doktor", WORDS)).hasValue("doctor");
    assertThat(Suggestions.nearest("docotr", WORDS)).hasValue("doctor");
    assertThat(Suggestions.nearest("Health", WORDS)).hasValue("health");
  }

  @Test
  void nothingIsSuggestedForWhatIsFarAway() {
    assertThat(Suggestions.nearest("benchmark", WORDS)).isEmpty();
    assertThat(Suggestions.nearest("x".repeat(1_000_000), WORDS)).isEmpty();
  }
}
