// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Impossible settings are refused with the sentence that says what would work. */
class SettingsTest {
  private static final VirtualTime TIME = new VirtualTime(0);
  private static final BatchRunner<String, String> ECHO = payloads -> payloads;

  private static DynamicBatcher.Builder<String, String> builder() {
    return DynamicBatcher.builder(List.of(ECHO), TIME, TIME);
  }

  private static BatchLimits batch(
      int rows, long tokens, long bytes, Duration linger, List<Integer> sizes, int step, double w) {
    return new BatchLimits(rows, tokens, bytes, linger, sizes, step, w);
  }

  private static Arguments refused(String sentence, ThrowingCallable settings) {
    return arguments(sentence, settings);
  }

  static Stream<Arguments> impossible() {
    Duration none = Duration.ZERO;
    List<Integer> any = List.of();
    String room = "a batch needs room for at least one row, one token and one byte, not ";
    String preferred = "preferred sizes must grow and be 1 to 8, not ";
    String waste = "the waste bound is padded tokens for each real token, so at least 1, not ";
    String part = "the share of the queue for one tenant must be above 0 and at most 1, not ";
    return Stream.of(
        refused("a batcher needs at least one runner", SettingsTest::noLanes),
        refused(room + "0, 9 and 9", () -> batch(0, 9, 9, none, any, 1, 2)),
        refused(room + "8, 0 and 9", () -> batch(8, 0, 9, none, any, 1, 2)),
        refused(room + "8, 9 and -1", () -> batch(8, 9, -1, none, any, 1, 2)),
        refused(
            "a linger cannot be negative: PT-0.000000001S",
            () -> batch(8, 9, 9, Duration.ofNanos(-1), any, 1, 2)),
        refused(preferred + "[4, 4]", () -> batch(8, 9, 9, none, List.of(4, 4), 1, 2)),
        refused(preferred + "[0]", () -> batch(8, 9, 9, none, List.of(0), 1, 2)),
        refused(preferred + "[9]", () -> batch(8, 9, 9, none, List.of(9), 1, 2)),
        refused("a length step must be 1 to 9, not 0", () -> batch(8, 9, 9, none, any, 0, 2)),
        refused("a length step must be 1 to 9, not 10", () -> batch(8, 9, 9, none, any, 10, 2)),
        refused(waste + "0.9", () -> batch(8, 9, 9, none, any, 1, 0.9)),
        refused(waste + "NaN", () -> batch(8, 9, 9, none, any, 1, Double.NaN)),
        refused(
            "every limit of a queue must be at least 1, not 0 rows, 1 tokens and 1 bytes",
            () -> new QueueLimits(0, 1, 1)),
        refused(
            "every limit of a queue must be at least 1, not 1 rows, -5 tokens and 1 bytes",
            () -> new QueueLimits(1, -5, 1)),
        refused(
            "an ageing time cannot be negative: PT-1S",
            () -> builder().ageing(Duration.ofSeconds(-1))),
        refused(
            "a target wait must be longer than 0, not PT0S",
            () -> builder().targetWait(Duration.ZERO)),
        refused(
            "the weight of tenant \"x\" must be at least 1, not 0",
            () -> new TenantShares(Map.of("x", 0), 1)),
        refused(part + "0.0", () -> new TenantShares(Map.of(), 0)),
        refused(part + "1.5", () -> new TenantShares(Map.of(), 1.5)),
        refused(part + "NaN", () -> new TenantShares(Map.of(), Double.NaN)));
  }

  private static void noLanes() {
    DynamicBatcher.builder(List.<BatchRunner<String, String>>of(), TIME, TIME);
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void is_refused(String sentence, ThrowingCallable settings) {
    assertThatIllegalArgumentException().isThrownBy(settings).withMessage(sentence);
  }

  private static DynamicBatcher.Builder<String, String> withLargest(int rows, int tokens) {
    return builder()
        .batchLimits(new BatchLimits(8, 100, Duration.ZERO))
        .queueLimits(new QueueLimits(40, 150, 100))
        .tenants(new TenantShares(Map.of(), 0.25))
        .largestItem(new Item<>("n", rows, tokens, 1, "shape"));
  }

  @Test
  void a_batch_or_queue_that_cannot_hold_the_largest_item_is_refused_with_the_least_that_can() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withLargest(9, 1).build())
        .withMessage(
            "the largest item needs 9 rows per batch, but the limit allows 8; set it to 9 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withLargest(1, 101).build())
        .withMessage(
            "the largest item needs 101 tokens per batch, but the limit allows 100;"
                + " set it to 101 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withLargest(1, 50).buildStepped())
        .withMessage(
            "the largest item needs 50 waiting tokens, but the limit allows 37 to a sheddable call"
                + " of one tenant; set it to 200 or more");
  }

  @Test
  void what_the_sentence_says_works() {
    assertThatCode(
            () -> withLargest(1, 50).queueLimits(new QueueLimits(40, 200, 100)).buildStepped())
        .doesNotThrowAnyException();
    assertThatCode(() -> withLargest(8, 4).buildStepped()).doesNotThrowAnyException();
  }
}
