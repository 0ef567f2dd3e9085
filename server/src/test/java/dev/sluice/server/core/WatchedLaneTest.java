// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batching.BatchRunner;
import dev.sluice.models.engine.DeviceLostException;
import dev.sluice.models.engine.EngineException;
import dev.sluice.server.core.LaneStatus.State;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a lane says it is, step by step. */
final class WatchedLaneTest {
  private long now = 1;
  private @Nullable Exception failure;
  private final AtomicReference<LaneStatus> during = new AtomicReference<>();
  private final DeviceLoss loss = new DeviceLoss("model 'm'");
  private final WatchedLane<String, String> lane =
      new WatchedLane<>("lane 0 of model 'm'", new Runner(), loss, () -> now);

  /** Fails as the test says. */
  private final class Runner implements BatchRunner<String, String> {
    @Override
    public List<String> run(List<String> payloads) throws Exception {
      during.set(lane.status());
      check();
      return payloads;
    }

    @Override
    public void check() throws Exception {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private void fail() {
    Exception cause = new EngineException("this batch");
    failure = cause;
    assertThatThrownBy(() -> lane.run(List.of("x"))).isSameAs(cause);
    failure = null;
  }

  @Test
  void countsTheRunsThatFailUntilOneDoesNot() throws Exception {
    fail();
    now = 2;
    fail();
    assertThat(during).hasValue(new LaneStatus(State.RUNNING, 2, 1, ""));
    assertThat(lane.status()).isEqualTo(new LaneStatus(State.IDLE, 2, 2, ""));
    assertThat(lane.run(List.of("x"))).containsExactly("x");
    assertThat(lane.status()).isEqualTo(new LaneStatus(State.IDLE, 2, 0, ""));
  }

  @Test
  void isOutForGoodOnceWhatItRunsOnIsLost() {
    AtomicInteger told = new AtomicInteger();
    loss.onLoss(told::incrementAndGet);
    failure = new DeviceLostException("the card is gone", new IllegalStateException());
    now = 3;
    assertThatThrownBy(() -> lane.run(List.of("x"))).isSameAs(failure);
    LaneStatus out = new LaneStatus(State.OUT, 3, 1, "the card is gone");
    assertThat(lane.status()).isEqualTo(out);
    assertThat(loss.reason()).contains("the card is gone");

    failure = new DeviceLostException("another cause", new IllegalStateException());
    assertThatThrownBy(() -> lane.run(List.of("x"))).isSameAs(failure);
    assertThat(loss.reason()).as("the first cause").contains("the card is gone");
    assertThat(told).hasValue(1);
    loss.onLoss(told::incrementAndGet);
    assertThat(told).as("who comes late").hasValue(2);
  }

  @Test
  void isOutSinceTheFirstCheckThatFailedUntilOneDoesNot() throws Exception {
    fail();
    Exception cause = new EngineException("no memory is left on gpu:0");
    failure = cause;
    LaneStatus out = new LaneStatus(State.OUT, 2, 1, "no memory is left on gpu:0");
    for (now = 2; now < 4; now++) {
      assertThatThrownBy(lane::check).isSameAs(cause);
      assertThat(lane.status()).isEqualTo(out);
    }
    failure = null;
    lane.check();
    assertThat(lane.status()).isEqualTo(new LaneStatus(State.IDLE, 4, 0, ""));
  }

  @Test
  void whatNobodyForesawIsForTheLogAlone() {
    failure = new IllegalStateException("dev.sluice.Secret at /etc/passwd");
    assertThatThrownBy(lane::check).isSameAs(failure);
    assertThat(lane.status().reason()).isEqualTo("it failed unexpectedly; the log says why");
  }
}
