// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.repository.SettledChanges.Changes;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettledChangesTest {
  private static final Fingerprint ONE = new Fingerprint("1");
  private static final Fingerprint TWO = new Fingerprint("2");
  private static final Fingerprint THREE = new Fingerprint("3");

  private final SettledChanges changes = new SettledChanges(Map.of("a", ONE));

  @Test
  void whatStaysIsNotReported() {
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
  }

  @Test
  void aNewModelIsAddedOnceItHeldStill() {
    assertThat(changes.poll(Map.of("a", ONE, "b", ONE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE, "b", TWO)).isEmpty()).isTrue();
    Changes third = changes.poll(Map.of("a", ONE, "b", TWO));
    assertThat(third.added()).containsExactly("b");
    assertThat(third.changed()).isEmpty();
    assertThat(changes.poll(Map.of("a", ONE, "b", TWO)).isEmpty()).isTrue();
  }

  @Test
  void aChangedModelIsReportedOnceItHeldStill() {
    assertThat(changes.poll(Map.of("a", TWO)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", THREE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", THREE)).changed()).containsExactly("a");
    assertThat(changes.poll(Map.of("a", THREE)).isEmpty()).isTrue();
  }

  @Test
  void aChangeTakenBackIsNoChange() {
    assertThat(changes.poll(Map.of("a", TWO)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
  }

  @Test
  void aModelIsRemovedOnceItStaysAway() {
    assertThat(changes.poll(Map.of()).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of()).removed()).containsExactly("a");
    assertThat(changes.poll(Map.of()).isEmpty()).isTrue();
  }

  @Test
  void aModelThatIsReplacedByRenamingIsChangedAndNotRemoved() {
    assertThat(changes.poll(Map.of()).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", TWO)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", TWO)).changed()).containsExactly("a");
  }

  @Test
  void aModelThatCameAndWentUnreportedIsNotRemoved() {
    assertThat(changes.poll(Map.of("a", ONE, "b", ONE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
    assertThat(changes.poll(Map.of("a", ONE)).isEmpty()).isTrue();
  }

  @Test
  void modelsSettleOneByOne() {
    assertThat(changes.poll(Map.of("a", TWO, "b", ONE, "c", ONE)).isEmpty()).isTrue();
    Changes second = changes.poll(Map.of("a", TWO, "b", ONE, "c", TWO));
    assertThat(second.added()).containsExactly("b");
    assertThat(second.changed()).containsExactly("a");
  }
}
