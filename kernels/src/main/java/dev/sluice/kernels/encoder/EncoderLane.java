// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.DeviceBuffer;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuStopwatch;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.gpu.LaunchGraphs;
import dev.sluice.kernels.gpu.PinnedBuffer;
import dev.sluice.kernels.gpu.SizeBucket;
import java.nio.ByteBuffer;

/**
 * Runs batches of an encoder one after the other. For one thread at a time; lanes of one encoder
 * run beside each other, so that one copies while another computes.
 *
 * <p>The vectors of a sequence depend on that sequence alone, to the last bit.
 */
public final class EncoderLane implements AutoCloseable {
  /** Four sizes per doubling in two directions; who comes by more captures now and then. */
  private static final int MOST_GRAPHS = 64;

  private final EncoderDims dims;
  private final LaneBounds bounds;
  private final EncoderOutput output;
  private final int width;
  private final Closing closing = new Closing();
  private final LaneMemory memory;
  private final PinnedBuffer input;
  private final PinnedBuffer result;
  private final GpuStream stream;
  private final LaunchGraphs<SizeBucket> graphs;

  EncoderLane(DeviceEncoder encoder, String name, LaneBounds bounds, EncoderOutput output) {
    this.dims = encoder.dims();
    this.bounds = bounds;
    this.output = output;
    this.width = output.width(dims);
    SizeBucket most = SizeBucket.of(bounds.tokens(), bounds.sequences());
    // Before anything is taken.
    int inputBytes = new InputBlock(most).bytes();
    int resultBytes = Math.toIntExact(resultBytes(bounds.tokens(), bounds.sequences()));
    Gpu gpu = encoder.gpu();
    try {
      DeviceBuffer buffer =
          gpu.memory().take(name, LaneMemory.bytes(dims, encoder.precision(), most, output));
      closing.add(buffer::close);
      this.memory = LaneMemory.cut(buffer, dims, encoder.precision(), most, output);
      this.input = gpu.pinned(name, inputBytes);
      closing.add(input::close);
      this.result = gpu.pinned(name, resultBytes);
      closing.add(result::close);
      this.stream = gpu.stream(name);
      closing.add(stream::close);
      this.graphs =
          new LaunchGraphs<>(
              stream, MOST_GRAPHS, bucket -> EncoderLaunches.of(encoder, memory, output, bucket));
      closing.add(graphs::close);
    } catch (RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  /** The device memory that such a lane takes. */
  public static long bytes(
      EncoderDims dims, Precision precision, LaneBounds bounds, EncoderOutput output) {
    SizeBucket most = SizeBucket.of(bounds.tokens(), bounds.sequences());
    return LaneMemory.bytes(dims, precision, most, output);
  }

  /**
   * Waits until all is done.
   *
   * @return row after row: one per sequence, or one per token
   * @throws IllegalArgumentException where the batch is none or beyond the bounds; the card was
   *     asked for nothing then
   */
  public float[] run(PackedBatch batch) {
    graphs.launch(upload(batch));
    int bytes = (int) resultBytes(batch.tokens(), batch.sequences());
    boolean tokens = output instanceof EncoderOutput.Tokens;
    stream.download(tokens ? memory.x() : memory.vectors(), result, 0, bytes);
    stream.await();
    ByteBuffer rows = result.bytes().limit(bytes);
    return tokens ? fromHalves(rows) : fromFloats(rows);
  }

  /**
   * How long the card computes for the batch, which stays there: without copies, and without what
   * the host does.
   *
   * @param repeats how often, one behind the other; the answer is of all together
   */
  public double millis(PackedBatch batch, GpuStopwatch stopwatch, int repeats) {
    SizeBucket bucket = upload(batch);
    return stopwatch.millis(
        stream,
        () -> {
          for (int i = 0; i < repeats; i++) {
            graphs.launch(bucket);
          }
        });
  }

  private SizeBucket upload(PackedBatch batch) {
    batch.check(dims, bounds);
    SizeBucket bucket = SizeBucket.of(batch.tokens(), batch.sequences());
    InputBlock block = new InputBlock(bucket);
    block.write(batch, input.bytes());
    stream.upload(input, 0, block.bytes(), memory.input());
    return bucket;
  }

  /** Components of a row. */
  public int width() {
    return width;
  }

  public LaneBounds bounds() {
    return bounds;
  }

  private long resultBytes(int tokens, int sequences) {
    return switch (output) {
      case EncoderOutput.Tokens all -> (long) tokens * width * Short.BYTES;
      case EncoderOutput.Vectors vectors -> (long) sequences * width * Float.BYTES;
      case EncoderOutput.Labels labels -> (long) sequences * width * Float.BYTES;
    };
  }

  private static float[] fromFloats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static float[] fromHalves(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(bytes.getShort(i * Short.BYTES));
    }
    return values;
  }

  @Override
  public void close() {
    closing.close();
  }
}
