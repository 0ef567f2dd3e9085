// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Ticket;
import dev.sluice.models.text.Truncation;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Embed calls up to the queue and back; each test ends with every lease given back. */
final class EmbedPathTest {
  private final Moment clock = new Moment(100);
  private final Deque<Runnable> encoding = new ArrayDeque<>();
  private final Answers<EmbedAnswer> answers = new Answers<>();
  private final Deployment.Embedding model = FakeModels.embedding("texts", 3);
  private final Deployment.Tensors other = FakeModels.tensors("tensors", 1);
  private final Telemetry telemetry = new Telemetry(() -> 0);
  private final EmbedPath path = path();

  @SuppressWarnings("unchecked") // it is what FakeModels makes
  private HeldBatcher<int[], float[]> batcher() {
    return (HeldBatcher<int[], float[]>) model.batcher();
  }

  private EmbedPath path() {
    ServingTable table =
        new ServingTable(
            Map.of(
                "texts", new TreeMap<>(Map.of(3L, FakeModels.alone(model))),
                "tensors", new TreeMap<>(Map.of(1L, FakeModels.alone(other)))),
            Map.of(),
            "");
    return new EmbedPath(
        new Router(() -> table),
        new EncodePool(encoding::add, 6),
        new Deadlines(
            clock, new Limits(4, 6, Optional.empty(), Duration.ofNanos(1000)), limit -> {}),
        new Problems(() -> "id-1", telemetry),
        clock,
        4);
  }

  private Ticket embed(
      String name, @Nullable Boolean normalize, int dimensions, EmbedInput... inputs) {
    return path.embed(
        new EmbedCall(
            new ModelRef(name, "", ""),
            List.of(inputs),
            normalize,
            Truncation.NONE,
            dimensions,
            new CallContext(90, 200, Criticality.SHEDDABLE, "somebody")),
        answers);
  }

  private Ticket embed(String... texts) {
    EmbedInput[] inputs = new EmbedInput[texts.length];
    for (int i = 0; i < texts.length; i++) {
      inputs[i] = new EmbedInput.Text(texts[i]);
    }
    return embed("texts", null, 0, inputs);
  }

  private void encode() {
    encoding.remove().run();
  }

  private void assertRefused(Class<? extends Problem> kind, String words) {
    assertThat(answers.problem()).isInstanceOf(kind);
    assertThat(answers.problem().message()).contains(words);
    assertThat(FakeModels.unused(model)).isTrue();
    assertThat(FakeModels.unused(other)).isTrue();
  }

  private float[] vectors() {
    EmbedAnswer answer = answers.ok();
    float[] all = new float[answer.count() * answer.dimensions()];
    answer.vectors().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(all);
    return all;
  }

  @Test
  void aCallIsQueuedItemByItemWithTrueLengthsAndAnsweredInOrder() {
    embed("ab", "cde");
    clock.now = 130;
    encode();
    var call = batcher().calls.get(0);
    assertThat(call.items()).extracting(item -> item.tokens()).containsExactly(2, 3);
    assertThat(call.deadlineNanos()).isEqualTo(200);
    assertThat(call.criticality()).isEqualTo(Criticality.SHEDDABLE);
    assertThat(call.tenant()).isEqualTo("somebody");
    assertThat(FakeModels.unused(model)).isFalse();
    clock.now = 170;
    batcher().answer(ids -> new float[] {3, 4, 0, 0});
    EmbedAnswer answer = answers.ok();
    assertThat(answer.version()).isEqualTo("3");
    assertThat(answer.tokens()).isEqualTo(5);
    assertThat(answer.timings()).isEqualTo(new Timings(10, 30, 10, 20, 80, 3));
    assertThat(vectors()).containsExactly(0.6f, 0.8f, 0, 0, 0.6f, 0.8f, 0, 0);
    assertThat(FakeModels.unused(model)).isTrue();
  }

  @Test
  void vectorsAreCutAndScaledAsAsked() {
    embed("texts", false, 2, new EmbedInput.Tokens(new int[] {1}));
    encode();
    batcher().answer(ids -> new float[] {3, 4, 12, 0});
    assertThat(vectors()).containsExactly(3, 4);
    assertThat(answers.ok().dimensions()).isEqualTo(2);
  }

  @Test
  void whatIsCutIsScaledAfterwards() {
    embed("texts", true, 2, new EmbedInput.Tokens(new int[] {1}));
    encode();
    batcher().answer(ids -> new float[] {3, 4, 12, 0});
    assertThat(vectors()).containsExactly(0.6f, 0.8f);
  }

  @Test
  void aCallThatIsCancelledBeforeItIsEncodedIsNeverQueued() {
    embed("ab").cancel();
    assertThat(answers.count()).isZero();
    encode();
    assertRefused(Problem.Cancelled.class, "cancelled");
    assertThat(batcher().calls).isEmpty();
  }

  @Test
  void aCallThatIsCancelledInTheQueueIsAnsweredOnce() {
    Ticket ticket = embed("ab");
    encode();
    ticket.cancel();
    ticket.cancel();
    batcher().answer(ids -> new float[] {1, 0, 0, 0});
    assertRefused(Problem.Cancelled.class, "cancelled");
  }

  @Test
  void aCallWhoseDeadlinePassesBeforeItIsEncodedIsNeverQueued() {
    embed("ab");
    clock.now = 200;
    encode();
    assertRefused(Problem.DeadlinePassed.class, "texts");
    assertThat(batcher().calls).isEmpty();
  }

  @Test
  void inputsAreCountedAndHeldAgainstTheModel() {
    embed("a", "b", "c", "d", "e");
    assertRefused(Problem.Invalid.class, "5 inputs, a call takes at most 4");
  }

  @Test
  void emptyInputsAreRefusedByTheirPlace() {
    embed("a", "");
    assertRefused(Problem.Invalid.class, "inputs[1] is empty");
  }

  @Test
  void aTextWithoutAnyTokenIsTheClientsMistake() {
    embed("a", "  ");
    encode();
    assertRefused(Problem.Invalid.class, "inputs[1]");
  }

  @Test
  void aTextThatIsTooLongSaysHowLongItMayBe() {
    embed("ninechars");
    encode();
    assertRefused(Problem.Invalid.class, "inputs[0] has 9 tokens, the model takes at most 8");
  }

  @Test
  void tokensThatTheModelDoesNotHaveAreNamed() {
    embed("texts", null, 0, new EmbedInput.Tokens(new int[] {-1}));
    encode();
    assertRefused(Problem.Invalid.class, "inputs[0]: there is no token -1");
  }

  @Test
  void dimensionsBeyondTheModelsAreRefused() {
    embed("texts", null, 5, new EmbedInput.Text("a"));
    assertRefused(Problem.Invalid.class, "between 1 and 4");
  }

  @Test
  void aModelOfTensorsDoesNotEmbed() {
    embed("tensors", null, 0, new EmbedInput.Text("a"));
    assertRefused(Problem.WrongTask.class, "does not embed");
  }

  @Test
  void withoutANameTheOnlyEmbeddingModelAnswers() {
    embed("", null, 0, new EmbedInput.Text("a"));
    encode();
    assertThat(batcher().calls).hasSize(1);
  }

  @Test
  void whenTooManyInputsWaitToBeEncodedTheCallIsRefusedAtOnce() {
    embed("a", "b", "c", "d");
    Answers<EmbedAnswer> second = new Answers<>();
    path.embed(
        new EmbedCall(
            new ModelRef("texts", "", ""),
            List.of(new EmbedInput.Text("a"), new EmbedInput.Text("b"), new EmbedInput.Text("c")),
            null,
            Truncation.NONE,
            0,
            new CallContext(90, 200, Criticality.CRITICAL, "")),
        second);
    assertThat(second.problem()).isInstanceOf(Problem.Overloaded.class);
    assertThat(telemetry.read().limitHits().get(Limit.ENCODING)).isEqualTo(1);
    encode();
    batcher().answer(ids -> new float[] {1, 0, 0, 0});
    assertThat(FakeModels.unused(model)).isTrue();
  }

  @Test
  void memoryThatRunsOutWhileEncodingIsAnInternalError() {
    embed("!");
    encode();
    assertRefused(Problem.Internal.class, "id-1");
  }

  @Test
  void anAnswerThatCannotBeSplitIsAnInternalError() {
    embed("a");
    encode();
    batcher().answer(ids -> new float[] {1});
    assertRefused(Problem.Internal.class, "id-1");
    ModelStatistics seen = model.statistics().snapshot("texts", "3");
    assertThat(seen.fail().count()).isEqualTo(1);
    assertThat(seen.compute().count()).isZero();
  }

  @Test
  void whatTheBatcherReportsBecomesAProblem() {
    embed("a");
    encode();
    batcher().fail(new Failure.RunFailed(new IllegalStateException("secret")));
    assertRefused(Problem.Internal.class, "id-1");
    assertThat(answers.problem().message()).doesNotContain("secret");
  }
}
