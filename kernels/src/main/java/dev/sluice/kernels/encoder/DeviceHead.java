// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.gpu.DeviceBuffer;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.gpu.Transfers;
import dev.sluice.kernels.launch.Head.Activation;

/**
 * A head's weights on a card, beside its encoder's: halves whatever precision that has, for so
 * little work. Never changes; for any number of lanes and threads.
 *
 * <p>Close the lanes that it is the output of first.
 */
public final class DeviceHead implements AutoCloseable {
  /** Labels; what they take of a lane's memory is little beside its tokens. */
  public static final int MOST_LABELS = 1024;

  private static final int PIECE_BYTES = 1 << 20;

  private final DeviceBuffer buffer;
  private final PlacedWeights.Linear dense;
  private final Activation activation;
  private final PlacedWeights.Linear labels;

  private DeviceHead(
      DeviceBuffer buffer,
      PlacedWeights.Linear dense,
      Activation activation,
      PlacedWeights.Linear labels) {
    this.buffer = buffer;
    this.dense = dense;
    this.activation = activation;
    this.labels = labels;
  }

  /**
   * Waits until all is on the card.
   *
   * @param name for messages
   * @throws dev.sluice.kernels.gpu.GpuMemoryException where it does not fit
   * @throws IllegalArgumentException where the weights are none for such an encoder
   */
  public static DeviceHead upload(Gpu gpu, String name, EncoderDims dims, HeadWeights weights) {
    int hidden = dims.hidden();
    int count = weights.count();
    if (count < 1 || count > MOST_LABELS) {
      throw new IllegalArgumentException(
          "labels must be 1 to %d, not %d".formatted(MOST_LABELS, count));
    }
    long bytes =
        PlacedWeights.linear(hidden, hidden, Precision.FP16)
            + PlacedWeights.linear(count, hidden, Precision.FP16);
    DeviceBuffer buffer = gpu.memory().take("head of " + name, bytes);
    boolean uploaded = false;
    try (GpuStream stream = gpu.stream("loading the head of " + name);
        Transfers transfers = new Transfers(gpu, stream, PIECE_BYTES)) {
      WeightUpload upload = new WeightUpload(new Arena(buffer), transfers, dims, Precision.FP16);
      DeviceHead head =
          new DeviceHead(
              buffer,
              upload.linear("head, dense", weights.dense(), hidden, hidden),
              weights.activation(),
              upload.linear("head, labels", weights.labels(), count, hidden));
      stream.await();
      uploaded = true;
      return head;
    } finally {
      if (!uploaded) {
        buffer.close();
      }
    }
  }

  /** How many numbers it gives of a sequence. */
  public int count() {
    return labels.n();
  }

  PlacedWeights.Linear dense() {
    return dense;
  }

  Activation activation() {
    return activation;
  }

  PlacedWeights.Linear labels() {
    return labels;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
