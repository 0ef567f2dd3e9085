// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class InferValidatorTest {
  private static final List<TensorSpec> INPUTS =
      List.of(
          new TensorSpec("a", DType.FP32, List.of(-1L, 2L, -1L)),
          new TensorSpec("b", DType.INT64, List.of(-1L)));
  private static final List<TensorSpec> OUTPUTS =
      List.of(
          new TensorSpec("p", DType.FP32, List.of(-1L)),
          new TensorSpec("q", DType.FP32, List.of(-1L)));

  private final InferValidator validator = new InferValidator(INPUTS, OUTPUTS, 4);

  private static NamedTensor named(String name, DType type, long... shape) {
    return new NamedTensor(name, new Tensor(type, shape, ByteBuffer.allocate(0)));
  }

  private static final NamedTensor A = named("a", DType.FP32, 3, 2, 5);
  private static final NamedTensor B = named("b", DType.INT64, 3);

  private Problem.Invalid refused(NamedTensor... given) {
    ProblemException thrown =
        catchThrowableOfType(ProblemException.class, () -> validator.inputs(Arrays.asList(given)));
    assertThat(thrown).isNotNull();
    return (Problem.Invalid) thrown.problem();
  }

  @Test
  void whatFitsComesInTheOrderOfTheModel() {
    assertThat(validator.inputs(List.of(B, A))).containsExactly(A.tensor(), B.tensor());
  }

  static Stream<Arguments> shapesThatDoNotFit() {
    return Stream.of(
        Arguments.of((Object) new long[] {}),
        Arguments.of((Object) new long[] {3}),
        Arguments.of((Object) new long[] {3, 2}),
        Arguments.of((Object) new long[] {3, 2, 5, 1}),
        Arguments.of((Object) new long[] {3, 1, 5}),
        Arguments.of((Object) new long[] {3, 3, 5}),
        Arguments.of((Object) new long[] {3, 0, 5}),
        Arguments.of((Object) new long[] {3, -2, 5}),
        Arguments.of((Object) new long[] {3, 2, 0}),
        Arguments.of((Object) new long[] {3, 2, -1}));
  }

  @ParameterizedTest
  @MethodSource("shapesThatDoNotFit")
  void aWrongRankOrSizeIsRefusedSayingWhatWouldFit(long[] shape) {
    Problem.Invalid problem = refused(named("a", DType.FP32, shape), B);
    assertThat(problem.field()).isEqualTo("inputs[a]");
    assertThat(problem.message()).contains("[-1, 2, -1]", Arrays.toString(shape));
  }

  static Stream<Arguments> otherTypes() {
    return Stream.of(DType.values()).filter(type -> type != DType.FP32).map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("otherTypes")
  void everyOtherTypeIsRefusedAndNoneIsCast(DType type) {
    Problem.Invalid problem = refused(named("a", type, 3, 2, 5), B);
    assertThat(problem.field()).isEqualTo("inputs[a]");
    assertThat(problem.message()).contains("FP32", type.name());
  }

  @Test
  void missingDoubleAndUnknownInputsAreRefusedByName() {
    assertThat(refused(A).message()).contains("'b' is missing", "'a', 'b'");
    assertThat(refused(A, B, A).message()).contains("'a' is given twice");
    assertThat(refused(A, B, named("c", DType.FP32, 3)).message()).contains("no input 'c'");
    assertThat(refused().message()).contains("'a' is missing");
  }

  @Test
  void aNameOfAnyLengthMakesAShortMessage() {
    Problem.Invalid problem = refused(A, B, named("c".repeat(100_000), DType.FP32, 3));
    assertThat(problem.message()).hasSizeLessThan(300);
    assertThat(problem.field()).hasSizeLessThan(200);
  }

  @Test
  void rowsAreCountedAgainstTheMostAndAgainstEachOther() {
    assertThat(refused(named("a", DType.FP32, 0, 2, 5), B).message()).contains("no rows");
    assertThat(refused(named("a", DType.FP32, 5, 2, 5), B).message()).contains("5 rows", "most 4");
    assertThat(refused(named("a", DType.FP32, 4, 2, 5), B).message())
        .contains("'b' has 3 rows", "have 4");
    NamedTensor most = named("a", DType.FP32, 4, 2, 5);
    assertThat(validator.inputs(List.of(most, named("b", DType.INT64, 4)))).hasSize(2);
  }

  @Test
  void aModelWithoutRowsIsHeldToItsDimsAlone() {
    InferValidator whole =
        new InferValidator(List.of(new TensorSpec("a", DType.FP32, List.of(2L, 0L))), OUTPUTS, 0);
    assertThat(whole.inputs(List.of(named("a", DType.FP32, 2, 0)))).hasSize(1);
  }

  @Test
  void anUnknownShapeIsLeftToTheEngineButRowsAreNot() {
    TensorSpec any = new TensorSpec("a", DType.FP32, List.of(-1L), true);
    InferValidator free = new InferValidator(List.of(any), OUTPUTS, 2);
    assertThat(free.inputs(List.of(named("a", DType.INT8, 2, 7, 7)))).hasSize(1);
    assertThat(
            catchThrowableOfType(
                ProblemException.class, () -> free.inputs(List.of(named("a", DType.INT8)))))
        .hasMessageContaining("batch dimension");
  }

  @Test
  void outputsComeInTheOrderAskedForAndAllIfNoneIs() {
    assertThat(validator.outputs(List.of())).containsExactly(0, 1);
    assertThat(validator.outputs(List.of("q", "p"))).containsExactly(1, 0);
    assertThat(
            catchThrowableOfType(
                ProblemException.class, () -> validator.outputs(List.of("q", "q"))))
        .hasMessageContaining("twice");
    assertThat(catchThrowableOfType(ProblemException.class, () -> validator.outputs(List.of("r"))))
        .hasMessageContaining("'p', 'q'");
  }
}
