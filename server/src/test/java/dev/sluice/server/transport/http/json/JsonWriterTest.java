// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JsonWriterTest {
  @Test
  void everyFloatReadsBackAsItselfAndWhatJsonCannotHoldIsNull() {
    SplittableRandom random = new SplittableRandom(7);
    int count = 20_000;
    ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float odd : new float[] {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 1e-5f, 1e7f}) {
      data.putFloat(odd);
    }
    data.putFloat(Float.NaN).putFloat(Float.NEGATIVE_INFINITY);
    while (data.hasRemaining()) {
      data.putInt(random.nextInt());
    }

    ByteBuffer json = new JsonWriter().floats(data, 0, count * 4).written();

    String text = StandardCharsets.US_ASCII.decode(json).toString();
    String[] numbers = text.substring(1, text.length() - 1).split(",", -1);
    assertThat(numbers).hasSize(count);
    for (int i = 0; i < count; i++) {
      float value = data.getFloat(i * 4);
      assertThat(numbers[i]).isEqualTo(Float.isFinite(value) ? Float.toString(value) : "null");
      if (Float.isFinite(value)) {
        assertThat(Float.parseFloat(numbers[i])).isEqualTo(value);
      }
    }
  }

  @Test
  void severalArraysAreSeparated() {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2);
    ByteBuffer json =
        new JsonWriter()
            .array()
            .floats(data, 0, 4)
            .floats(data, 4, 8)
            .floats(data, 4, 4)
            .endArray()
            .written();
    assertThat(StandardCharsets.US_ASCII.decode(json).toString()).isEqualTo("[[1.0],[2.0],[]]");
  }
}
