// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.server.transport.shared.Classification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ClassificationTest {
  private static Tensor tensor(DType type, int elements, Consumer<ByteBuffer> fill) {
    ByteBuffer data =
        ByteBuffer.allocate(elements * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    fill.accept(data);
    return new Tensor(type, new long[] {elements}, data.flip());
  }

  private static List<String> top(int count, Tensor tensor) {
    return strings(Classification.of(tensor, false, count, List.of()));
  }

  private static List<String> strings(Tensor tensor) {
    ByteBuffer in = tensor.data();
    List<String> out = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] text = new byte[in.getInt()];
      in.get(text);
      out.add(new String(text, StandardCharsets.UTF_8));
    }
    return out;
  }

  @Test
  void theHighestComeFirstAndTiesByIndex() {
    Tensor scores =
        tensor(DType.FP32, 5, b -> b.putFloat(1).putFloat(3).putFloat(3).putFloat(-9).putFloat(2));
    assertThat(top(3, scores)).containsExactly("3.000000:1", "3.000000:2", "2.000000:4");
  }

  @Test
  void notANumberComesLast() {
    Tensor scores =
        tensor(
            DType.FP64,
            3,
            b -> b.putDouble(Double.NaN).putDouble(Double.NEGATIVE_INFINITY).putDouble(1));
    assertThat(top(9, scores)).containsExactly("1.000000:2", "-Infinity:1", "NaN:0");
  }

  @Test
  void everyNumericTypeIsRankedByItsValue() {
    assertThat(top(1, tensor(DType.INT8, 2, b -> b.put((byte) -1).put((byte) 1))))
        .containsExactly("1:1");
    assertThat(top(1, tensor(DType.UINT8, 2, b -> b.put((byte) -1).put((byte) 1))))
        .containsExactly("255:0");
    assertThat(top(1, tensor(DType.INT16, 2, b -> b.putShort((short) -1).putShort((short) 1))))
        .containsExactly("1:1");
    assertThat(top(1, tensor(DType.UINT16, 2, b -> b.putShort((short) -1).putShort((short) 1))))
        .containsExactly("65535:0");
    assertThat(top(1, tensor(DType.INT32, 2, b -> b.putInt(-1).putInt(1)))).containsExactly("1:1");
    assertThat(top(1, tensor(DType.UINT32, 2, b -> b.putInt(-1).putInt(1))))
        .containsExactly("4294967295:0");
    assertThat(top(1, tensor(DType.INT64, 2, b -> b.putLong(-1).putLong(1))))
        .containsExactly("1:1");
    assertThat(top(1, tensor(DType.UINT64, 2, b -> b.putLong(-1).putLong(1))))
        .containsExactly("18446744073709551615:0");
    short half = Float.floatToFloat16(0.5f);
    assertThat(top(1, tensor(DType.FP16, 2, b -> b.putShort(half).putShort((short) 0))))
        .containsExactly("0.500000:0");
    short brain = (short) (Float.floatToIntBits(1.5f) >> 16);
    assertThat(top(1, tensor(DType.BF16, 2, b -> b.putShort((short) 0).putShort(brain))))
        .containsExactly("1.500000:1");
  }

  @Test
  void rowsOfABatchAreClassifiedEachForItself() {
    ByteBuffer data = ByteBuffer.allocate(4).put(new byte[] {1, 2, 4, 3}).flip();
    Tensor scores = new Tensor(DType.UINT8, new long[] {2, 2}, data);

    Tensor classes = Classification.of(scores, true, 1, List.of("cat"));

    assertThat(classes.type()).isEqualTo(DType.BYTES);
    assertThat(classes.shape()).containsExactly(2, 1);
    assertThat(strings(classes)).containsExactly("2:1", "4:0:cat");
  }

  @Test
  void noRowsGiveNoClasses() {
    Tensor none = new Tensor(DType.FP32, new long[] {0, 3}, ByteBuffer.allocate(0));
    assertThat(Classification.of(none, true, 2, List.of()).shape()).containsExactly(0, 0);
  }
}
