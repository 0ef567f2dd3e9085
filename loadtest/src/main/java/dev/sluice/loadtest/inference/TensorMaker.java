// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.corpus.Corpus;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.corpus.LengthDraw;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.RunException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Makes rows of tensors up, the same for a seed; as many as memory is given for. */
final class TensorMaker {
  private static final int MOST_ROWS = 4_096;
  private static final long MOST_BYTES = 128L << 20;
  private static final double LARGEST_CALL = 64L << 20;

  /** Of a text in a tensor, or more. */
  private static final int BYTES_OF_TEXT = 16;

  private final List<TensorSpec> inputs;
  private final List<ValueRange> ranges = new ArrayList<>();
  private final int each;
  private final SplittableRandom random;
  private final IntSupplier lengths;

  /**
   * @throws RunException if values were asked for that an input cannot have
   */
  TensorMaker(List<TensorSpec> inputs, Inference inference, int seed) {
    this.inputs = inputs;
    this.each = inference.inputs();
    this.random = new SplittableRandom(seed);
    this.lengths = LengthDraw.of(inference.lengths(), random);
    ValueRange.checkNames(inference.values(), inputs.stream().map(TensorSpec::name).toList());
    for (TensorSpec input : inputs) {
      ValueRange preset = ValueRange.preset(input.type());
      ranges.add(ValueRange.of(input.name(), preset, inference.values()));
    }
  }

  /** Those of one call together, of one length. */
  List<Item> rows() {
    List<Item> rows = new ArrayList<>();
    long bytes = 0;
    do {
      int length = lengths.getAsInt();
      check(length);
      for (int i = 0; i < each; i++) {
        Item.Row row = row(length);
        rows.add(row);
        bytes += row.tensors().stream().mapToLong(tensor -> tensor.length).sum();
      }
    } while (rows.size() + each <= MOST_ROWS && bytes * 2 < MOST_BYTES);
    return rows;
  }

  private void check(int length) {
    double bytes = 0;
    for (TensorSpec input : inputs) {
      int size = input.type() == DataType.BYTES ? BYTES_OF_TEXT : input.type().size();
      bytes += (double) input.elements(length) * size * each;
    }
    if (bytes > LARGEST_CALL) {
      throw new RunException(
          "target oip: a call would be larger than 64 MiB; fewer --inputs or shorter --lengths help");
    }
  }

  private Item.Row row(int length) {
    List<byte[]> tensors = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      TensorSpec input = inputs.get(i);
      long elements = input.elements(length);
      tensors.add(
          input.type() == DataType.BYTES
              ? texts((int) elements)
              : numbers(ranges.get(i), (int) elements));
    }
    return new Item.Row(length, tensors);
  }

  private byte[] numbers(ValueRange range, int elements) {
    ByteBuffer bytes =
        ByteBuffer.allocate(elements * range.type().size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      range.type().put(range.draw(random), bytes);
    }
    return bytes.array();
  }

  /** Each is a word behind its length. */
  private byte[] texts(int elements) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < elements; i++) {
      byte[] word = Corpus.word(random).getBytes(StandardCharsets.UTF_8);
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.writeBytes(length.putInt(word.length).array());
      bytes.writeBytes(word);
    }
    return bytes.toByteArray();
  }
}
