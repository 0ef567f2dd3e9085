// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batching.Criticality;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Ticket;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.Tensors;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Infer calls, to models of tensors and to embedding models. */
final class InferPathTest {
  private final Moment clock = new Moment(100);
  private final Answers<InferAnswer> answers = new Answers<>();
  private final Deployment.Embedding texts = FakeModels.embedding("texts", 3);
  private final Deployment.Tensors tensors = FakeModels.tensors("tensors", 1);
  private final InferPath path = path();

  private InferPath path() {
    ServingTable table =
        new ServingTable(
            Map.of(
                "texts", new TreeMap<>(Map.of(3L, FakeModels.alone(texts))),
                "tensors", new TreeMap<>(Map.of(1L, FakeModels.alone(tensors)))),
            Map.of(),
            "");
    Router router = new Router(() -> table);
    Problems problems = new Problems(() -> "id-1");
    Deadlines deadlines =
        new Deadlines(
            clock, new Limits(4, 6, Optional.empty(), Duration.ofNanos(1000)), limit -> {});
    EmbedPath embedPath =
        new EmbedPath(router, new EncodePool(Runnable::run, 6), deadlines, problems, clock, 4);
    return new InferPath(router, new TextInfer(embedPath, problems), deadlines, problems, clock);
  }

  @SuppressWarnings("unchecked") // it is what FakeModels makes
  private HeldBatcher<List<Tensor>, List<Tensor>> batcher() {
    return (HeldBatcher<List<Tensor>, List<Tensor>>) tensors.batcher();
  }

  @SuppressWarnings("unchecked") // it is what FakeModels makes
  private HeldBatcher<int[], float[]> textBatcher() {
    return (HeldBatcher<int[], float[]>) texts.batcher();
  }

  private static InferCall call(String model, List<String> outputs, NamedTensor... inputs) {
    return new InferCall(
        new ModelRef(model, "", ""),
        Arrays.asList(inputs),
        outputs,
        new CallContext(90, 200, Criticality.CRITICAL, ""));
  }

  private Ticket infer(String model, List<String> outputs, NamedTensor... inputs) {
    return path.infer(call(model, outputs, inputs), answers);
  }

  private static NamedTensor x(int rows) {
    return new NamedTensor("x", Tensors.fp32(new long[] {rows, 2}, new float[rows * 2]));
  }

  private static NamedTensor text(Tensor tensor) {
    return new NamedTensor("text", tensor);
  }

  private void assertRefused(Class<? extends Problem> kind, String words) {
    assertThat(answers.problem()).isInstanceOf(kind);
    assertThat(answers.problem().message()).contains(words);
    assertThat(FakeModels.unused(texts)).isTrue();
    assertThat(FakeModels.unused(tensors)).isTrue();
  }

  @Test
  void aCallIsOneItemWithItsRowsAndGetsTheOutputsThatItAsksFor() {
    infer("tensors", List.of("z"), x(3));
    var item = batcher().calls.get(0).items().get(0);
    assertThat(item.rows()).isEqualTo(3);
    assertThat(item.bytes()).isEqualTo(24);
    batcher().answer(inputs -> List.of(inputs.get(0), inputs.get(0)));
    assertThat(answers.ok().outputs()).extracting(NamedTensor::name).containsExactly("z");
    assertThat(answers.ok().timings()).isEqualTo(new Timings(10, 0, 10, 20, 10, 3));
    assertThat(FakeModels.unused(tensors)).isTrue();
  }

  @Test
  void withoutDynamicBatchingNoTwoCallsShareABatch() {
    infer("tensors", List.of(), x(1));
    path.infer(call("tensors", List.of(), x(1)), new Answers<>());
    assertThat(batcher().calls.get(0).items().get(0).shapeKey())
        .isNotEqualTo(batcher().calls.get(1).items().get(0).shapeKey());
  }

  @Test
  void wrongTensorsNeverReachTheQueueButAreCounted() {
    infer("tensors", List.of(), x(5));
    assertRefused(Problem.Invalid.class, "5 rows");
    assertThat(batcher().calls).isEmpty();
    assertThat(tensors.statistics().snapshot("tensors", "1").fail().count()).isEqualTo(1);
  }

  @Test
  void anAnswerWithTooFewTensorsIsAnInternalError() {
    infer("tensors", List.of(), x(1));
    batcher().answer(inputs -> List.of());
    assertRefused(Problem.Internal.class, "id-1");
  }

  @Test
  void aCancelledCallIsAnsweredOnce() {
    infer("tensors", List.of(), x(1)).cancel();
    batcher().fail(new Failure.Closed());
    assertRefused(Problem.Cancelled.class, "cancelled");
  }

  @Test
  void aReplyThatThrowsIsNotGivenASecondAnswer() {
    int[] given = {0};
    Reply<InferAnswer> broken =
        new Reply<>() {
          @Override
          public void ok(InferAnswer answer) {
            given[0]++;
          }

          @Override
          public void failed(Problem problem) {
            given[0]++;
            throw new IllegalStateException("made up");
          }
        };
    assertThatThrownBy(() -> path.infer(call("texts", List.of("y")), broken)).hasMessage("made up");
    assertThat(given[0]).isEqualTo(1);
  }

  @Test
  void textsGoInAsOneOrTwoDimensionsAndVectorsComeOut() {
    infer("texts", List.of(), text(Tensors.strings(new long[] {2, 1}, "ab", "c")));
    textBatcher().answer(ids -> new float[] {ids.length, 0, 0, 0});
    NamedTensor output = answers.ok().outputs().get(0);
    assertThat(output.name()).isEqualTo("embedding");
    assertThat(output.tensor().shape()).containsExactly(2, 4);
    assertThat(Tensors.floats(output.tensor())).containsExactly(1, 0, 0, 0, 1, 0, 0, 0);
    assertThat(FakeModels.unused(texts)).isTrue();
  }

  @Test
  void aLongTextIsCutAsTheProtocolCannotAsk() {
    infer("texts", List.of("embedding"), text(Tensors.strings(new long[] {1}, "nine chars")));
    assertThat(textBatcher().calls.get(0).items().get(0).tokens()).isEqualTo(8);
  }

  @Test
  void tensorsThatAreNotTextsAreRefused() {
    infer("texts", List.of(), text(Tensors.fp32(new long[] {1}, 1)));
    assertRefused(Problem.Invalid.class, "must be BYTES of shape [n] or [n, 1], got FP32[1]");
  }

  @Test
  void textsInTwoColumnsAreRefused() {
    infer("texts", List.of(), text(Tensors.strings(new long[] {1, 2}, "a", "b")));
    assertRefused(Problem.Invalid.class, "BYTES[1, 2]");
  }

  @Test
  void otherNamesOfInputsAndOutputsAreRefused() {
    infer("texts", List.of(), new NamedTensor("x", Tensors.strings(new long[] {1}, "a")));
    Answers<InferAnswer> second = new Answers<>();
    path.infer(call("texts", List.of("y"), text(Tensors.strings(new long[] {1}, "a"))), second);
    assertThat(second.problem().message()).contains("no output 'y'");
    assertRefused(Problem.Invalid.class, "'text'");
  }

  @Test
  void bytesThatAreNoTextAreRefusedByTheirPlace() {
    byte[] raw = {1, 0, 0, 0, 'a', 1, 0, 0, 0, (byte) 0xff};
    infer("texts", List.of(), text(Tensors.raw(DType.BYTES, new long[] {2}, raw)));
    assertRefused(Problem.Invalid.class, "element 1");
  }
}
