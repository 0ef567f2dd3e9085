// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class EncodePoolTest {
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private Problem refused(EncodePool pool, int inputs) {
    ProblemException thrown =
        catchThrowableOfType(ProblemException.class, () -> pool.submit(inputs, () -> {}));
    return thrown.problem();
  }

  @Test
  void takesAsManyInputsAsItMayAndNotOneMore() {
    EncodePool pool = new EncodePool(waiting::add, 5);
    pool.submit(3, () -> {});
    pool.submit(2, () -> {});
    assertThat(refused(pool, 1)).isInstanceOf(Problem.Overloaded.class);
    assertThat(waiting).hasSize(2);
  }

  @Test
  void aHugeNumberDoesNotWrapAround() {
    EncodePool pool = new EncodePool(waiting::add, Integer.MAX_VALUE);
    pool.submit(2, () -> {});
    assertThat(refused(pool, Integer.MAX_VALUE)).isInstanceOf(Problem.Overloaded.class);
  }

  @Test
  void hasRoomAgainOnceATaskHasRunEvenIfItThrew() {
    EncodePool pool = new EncodePool(waiting::add, 5);
    pool.submit(
        5,
        () -> {
          throw new IllegalStateException("made up");
        });
    assertThatThrownBy(() -> waiting.remove().run()).hasMessage("made up");
    pool.submit(5, () -> {});
    assertThat(waiting).hasSize(1);
  }

  @Test
  void aPoolThatIsShutDownIsAnUnavailableServerAndKeepsNothing() {
    boolean[] shutDown = {true};
    EncodePool pool =
        new EncodePool(
            task -> {
              if (shutDown[0]) {
                throw new RejectedExecutionException();
              }
              waiting.add(task);
            },
            5);
    assertThat(refused(pool, 5)).isInstanceOf(Problem.Unavailable.class);
    shutDown[0] = false;
    pool.submit(5, () -> {});
    assertThat(waiting).hasSize(1);
  }

  @Test
  void keepsNothingWhenThereIsNoMemoryForAThread() {
    boolean[] full = {true};
    EncodePool pool =
        new EncodePool(
            task -> {
              if (full[0]) {
                throw new OutOfMemoryError("made up");
              }
              waiting.add(task);
            },
            5);
    assertThatThrownBy(() -> pool.submit(5, () -> {})).isInstanceOf(OutOfMemoryError.class);
    full[0] = false;
    pool.submit(5, () -> {});
    assertThat(waiting).hasSize(1);
  }
}
