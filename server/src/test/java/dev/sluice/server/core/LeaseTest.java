// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LeaseTest {
  private final Lease lease = new Lease();

  @Test
  void anUnusedOneIsFreeAsSoonAsItIsRetired() {
    assertThat(lease.retire()).isCompleted();
  }

  @Test
  void aUsedOneIsFreeWhenTheLastUserHasLeft() {
    lease.acquire();
    lease.acquire();
    var free = lease.retire();
    lease.release();
    assertThat(free).isNotDone();
    lease.release();
    assertThat(free).isCompleted();
  }

  @Test
  void nobodyGetsInAfterTheRetirement() {
    assertThat(lease.acquire()).isTrue();
    var free = lease.retire();
    assertThat(lease.acquire()).isFalse();
    lease.release();
    assertThat(free).isCompleted();
    assertThat(lease.acquire()).isFalse();
  }

  @Test
  void retiringAgainTellsOfTheSameMoment() {
    lease.acquire();
    var first = lease.retire();
    var second = lease.retire();
    lease.release();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }
}
