// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.BatchShape;
import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Launch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The device memory of one check. Inputs are followed by nothing at all or by NaN, as chance has
 * it; outputs begin as NaN and have room behind them that must stay so.
 */
final class Scene implements AutoCloseable {
  private static final byte UNTOUCHED = (byte) 0xff;
  private static final int ROOM = 4096;

  private final Device device;
  private final RandomGenerator random;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Long> addresses = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Input(long address, byte[] content) {}

  /** Where a kernel writes {@code bytes} bytes. */
  record Output(long address, int bytes) {}

  Scene(Device device, RandomGenerator random) {
    this.device = device;
    this.random = random;
  }

  long shape(int tokens, int sequences, int attentionTiles) {
    return input(new BatchShape(tokens, sequences, attentionTiles).bytes());
  }

  long halves(float[] values) {
    return input(Numbers.halfBytes(values));
  }

  long floats(float[] values) {
    ByteBuffer bytes = buffer(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return input(bytes);
  }

  long ints(int[] values) {
    ByteBuffer bytes = buffer(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return input(bytes);
  }

  long bytes(byte[] values) {
    return input(ByteBuffer.wrap(values));
  }

  long input(ByteBuffer content) {
    int padding = random.nextBoolean() ? ROOM : 0;
    byte[] bytes = new byte[content.remaining() + padding];
    Arrays.fill(bytes, UNTOUCHED);
    content.duplicate().get(bytes, 0, content.remaining());
    long address = allocate(bytes);
    inputs.add(new Input(address, bytes));
    return address;
  }

  Output output(int bytes) {
    byte[] untouched = new byte[bytes + ROOM];
    Arrays.fill(untouched, UNTOUCHED);
    return new Output(allocate(untouched), bytes);
  }

  Output halfOutput(int count) {
    return output(count * Short.BYTES);
  }

  Output floatOutput(int count) {
    return output(count * Float.BYTES);
  }

  void launch(Launch launch) {
    device.launch(launch);
    for (Input input : inputs) {
      if (Arrays.mismatch(read(input.address, input.content.length), input.content) >= 0) {
        throw new DisagreementException(launch.kernel() + " changed one of its inputs");
      }
    }
  }

  byte[] bytesOf(Output output) {
    byte[] all = read(output.address, output.bytes + ROOM);
    for (int i = output.bytes; i < all.length; i++) {
      if (all[i] != UNTOUCHED) {
        throw new DisagreementException(
            "byte %d of an output of %d bytes was written".formatted(i, output.bytes));
      }
    }
    return Arrays.copyOf(all, output.bytes);
  }

  float[] halvesOf(Output output) {
    return Numbers.fromHalfBytes(bytesOf(output));
  }

  float[] floatsOf(Output output) {
    float[] values = new float[output.bytes / Float.BYTES];
    ByteBuffer.wrap(bytesOf(output)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  int[] intsOf(Output output) {
    int[] values = new int[output.bytes / Integer.BYTES];
    ByteBuffer.wrap(bytesOf(output)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  private long allocate(byte[] content) {
    long address = device.allocate(content.length);
    addresses.add(address);
    device.write(address, ByteBuffer.wrap(content));
    return address;
  }

  private byte[] read(long address, int count) {
    byte[] bytes = new byte[count];
    device.read(address, count).get(bytes);
    return bytes;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    addresses.forEach(device::free);
  }
}
