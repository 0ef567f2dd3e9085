// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
  private final BatchCore<String, String> core = new Stepped(Stepped.ONE_ROW).core;
  private final DeadlineQueue<String, String> queue = new DeadlineQueue<>();
  private int sequence;

  private PendingCall<String, String> pending(long deadline, int tokens) {
    Call<String> call = due(call(item("n", 1, tokens)), deadline);
    return new PendingCall<>(core, call, new Answer(), Amount.of(call), sequence++, 0, 0);
  }

  private PendingCall<String, String> add(long deadline, int tokens) {
    PendingCall<String, String> pending = pending(deadline, tokens);
    queue.add(pending);
    return pending;
  }

  private void leave(PendingCall<String, String> call) {
    call.stopWaiting(0);
    queue.left();
  }

  private List<PendingCall<String, String>> forwards() {
    List<PendingCall<String, String>> all = new ArrayList<>();
    for (int at = queue.next(0); !queue.isEnd(at); at = queue.next(at + 1)) {
      all.add(queue.get(at));
    }
    return all;
  }

  private List<PendingCall<String, String>> backwards() {
    List<PendingCall<String, String>> all = new ArrayList<>();
    for (int at = queue.before(Integer.MAX_VALUE); at >= 0; at = queue.before(at)) {
      all.add(0, queue.get(at));
    }
    return all;
  }

  @Test
  void is_in_order_whoever_comes_leaves_or_moves_away() {
    Random random = new Random(3);
    List<PendingCall<String, String>> live = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      int fate = random.nextInt(live.isEmpty() ? 1 : i / 1_000 % 2 == 0 ? 3 : 6);
      if (fate < 2) {
        live.add(add(1 + random.nextInt(200), 1));
      } else {
        PendingCall<String, String> gone =
            live.remove(random.nextInt(2) == 0 ? 0 : random.nextInt(live.size()));
        if (fate == 3) {
          queue.remove(gone);
        } else {
          leave(gone);
        }
      }
      live.sort(Comparator.comparingLong(PendingCall::dueKey));
      assertThat(queue.isEmpty()).isEqualTo(live.isEmpty());
      assertThat(queue.entries()).as("swept").isLessThanOrEqualTo(2 * live.size() + 32);
      if (i % 50 == 0) {
        assertThat(forwards()).isEqualTo(live);
        assertThat(backwards()).isEqualTo(live);
      }
    }
  }

  @Test
  void the_share_that_is_due_is_exact_for_few_and_close_for_many() {
    assertThat(queue.shareDueBy(5)).as("of nothing").isEqualTo(1);
    add(10, 1);
    add(20, 2);
    PendingCall<String, String> leaves = add(25, 50);
    add(30, 7);
    leave(leaves);
    assertThat(queue.shareDueBy(9)).isZero();
    assertThat(queue.shareDueBy(10)).isEqualTo(0.1);
    assertThat(queue.shareDueBy(29)).isCloseTo(0.3, within(1e-9));
    assertThat(queue.shareDueBy(30)).isEqualTo(1);
    for (int i = 0; i < 2_000; i++) {
      add(100 + i, 1 + i % 7);
    }
    assertThat(queue.shareDueBy(600)).isCloseTo(0.25, within(0.05));
    assertThat(queue.shareDueBy(1_600)).isCloseTo(0.75, within(0.05));
  }
}
