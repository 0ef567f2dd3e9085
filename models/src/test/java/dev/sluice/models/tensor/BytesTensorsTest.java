// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTensorsTest {
  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  @Test
  void everyElementHasItsLengthInFront() {
    Tensor tensor = BytesTensors.ofStrings(new long[] {2}, List.of("hi", ""));

    assertThat(tensor.data()).isEqualTo(bytes(2, 0, 0, 0, 'h', 'i', 0, 0, 0, 0));
  }

  @Test
  void stringsAndBytesComeBackAsTheyWent() throws Exception {
    List<String> strings = List.of("", "Zürich", "\uD83D\uDE80", "\u0000");
    Tensor tensor = BytesTensors.ofStrings(new long[] {2, 2}, strings);

    assertThat(BytesTensors.readStrings(tensor)).isEqualTo(strings);
    assertThat(BytesTensors.read(tensor))
        .extracting(element -> new String(element, StandardCharsets.UTF_8))
        .isEqualTo(strings);
  }

  @Test
  void theShapeMustHoldTheElements() {
    assertThatThrownBy(() -> BytesTensors.ofStrings(new long[] {3}, List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the shape holds 3 elements, not 1");
  }

  @Test
  void rightFramingHasNoProblem() {
    assertThat(BytesTensors.framingProblem(bytes(1, 0, 0, 0, 'x', 0, 0, 0, 0), 2)).isEmpty();
    assertThat(BytesTensors.framingProblem(bytes(), 0)).isEmpty();
  }

  @Test
  void framingIsReadLittleEndianWhateverTheBuffersOrder() {
    ByteBuffer raw = bytes(1, 0, 0, 0, 'x').order(ByteOrder.BIG_ENDIAN);

    assertThat(BytesTensors.framingProblem(raw, 1)).isEmpty();
    assertThat(raw.position()).isZero();
  }

  @Test
  void anElementThatIsLongerThanTheDataIsNamed() {
    assertThat(BytesTensors.framingProblem(bytes(0, 0, 0, 0, 9, 0, 0, 0, 'x'), 2))
        .hasValue("element 1 has a length of 9 bytes, but only 1 bytes follow");
  }

  @Test
  void lengthsBeyondTwoGigabytesAreNotNegative() {
    assertThat(BytesTensors.framingProblem(bytes(0xff, 0xff, 0xff, 0xff), 1))
        .hasValue("element 0 has a length of 4294967295 bytes, but only 0 bytes follow");
  }

  @Test
  void aLengthThatIsCutIsNamed() {
    assertThat(BytesTensors.framingProblem(bytes(4, 0, 0, 0, 'a', 'b', 'c', 'd', 0, 0), 2))
        .hasValue("the data ends before the length of element 1");
  }

  @Test
  void bytesBehindTheLastElementAreAnError() {
    assertThat(BytesTensors.framingProblem(bytes(0, 0, 0, 0, 7), 1))
        .hasValue("1 bytes follow the last of 1 elements");
  }

  @Test
  void aHugeElementCountIsRefusedWithoutCounting() {
    assertThat(BytesTensors.framingProblem(bytes(0, 0, 0, 0), Long.MAX_VALUE))
        .hasValueSatisfying(problem -> assertThat(problem).contains("but the data has 4 bytes"));
  }

  @Test
  void theFirstElementThatIsNotUtf8IsFound() {
    Tensor bad =
        BytesTensors.ofBytes(
            new long[] {3}, List.of(new byte[] {'a'}, new byte[] {(byte) 0xc3}, new byte[] {-1}));
    Tensor good = BytesTensors.ofStrings(new long[] {1}, List.of("é".repeat(3000)));

    assertThat(BytesTensors.firstInvalidUtf8(bad)).hasValue(1);
    assertThat(BytesTensors.firstInvalidUtf8(good)).isEmpty();
    assertThatThrownBy(() -> BytesTensors.readStrings(bad))
        .isInstanceOf(CharacterCodingException.class);
  }
}
