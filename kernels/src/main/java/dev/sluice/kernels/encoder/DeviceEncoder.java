// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.gpu.DeviceBuffer;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.gpu.Transfers;
import dev.sluice.kernels.launch.Product;

/**
 * An encoder's weights on a card, once, for any number of lanes and threads. Never changes.
 *
 * <p>Close its lanes first, then it, then the card.
 */
public final class DeviceEncoder implements AutoCloseable {
  private static final int PIECE_BYTES = 4 << 20;

  private final Gpu gpu;
  private final String name;
  private final EncoderDims dims;
  private final Precision precision;
  private final Product.Kind kind;
  private final DeviceBuffer buffer;
  private final PlacedWeights weights;

  private DeviceEncoder(
      Gpu gpu,
      String name,
      EncoderDims dims,
      Precision precision,
      Product.Kind kind,
      DeviceBuffer buffer,
      PlacedWeights weights) {
    this.gpu = gpu;
    this.name = name;
    this.dims = dims;
    this.precision = precision;
    this.kind = kind;
    this.buffer = buffer;
    this.weights = weights;
  }

  /**
   * Waits until all is on the card.
   *
   * @param name for messages
   * @param kind as {@code check.ProductKinds} chose it for the card
   * @throws dev.sluice.kernels.gpu.GpuMemoryException where it does not fit; no weight was read
   *     then
   * @throws IllegalArgumentException where the weights are not those of such an encoder
   */
  public static DeviceEncoder upload(
      Gpu gpu,
      String name,
      EncoderDims dims,
      Precision precision,
      Product.Kind kind,
      EncoderWeights weights) {
    DeviceBuffer buffer =
        gpu.memory().take("weights of " + name, PlacedWeights.bytes(dims, precision));
    boolean uploaded = false;
    try (GpuStream stream = gpu.stream("loading " + name);
        Transfers transfers = new Transfers(gpu, stream, PIECE_BYTES)) {
      PlacedWeights placed =
          new WeightUpload(new Arena(buffer), transfers, dims, precision).all(weights);
      stream.await();
      uploaded = true;
      return new DeviceEncoder(gpu, name, dims, precision, kind, buffer, placed);
    } finally {
      if (!uploaded) {
        buffer.close();
      }
    }
  }

  /** The device memory that the weights take. */
  public static long weightBytes(EncoderDims dims, Precision precision) {
    return PlacedWeights.bytes(dims, precision);
  }

  /**
   * A lane for one thread at a time, with a stream and memory of its own.
   *
   * @param lane for messages
   * @throws dev.sluice.kernels.gpu.GpuMemoryException where its memory does not fit
   */
  public EncoderLane newLane(String lane, LaneBounds bounds, EncoderOutput output) {
    return new EncoderLane(this, name + ", " + lane, bounds, output);
  }

  public EncoderDims dims() {
    return dims;
  }

  public Precision precision() {
    return precision;
  }

  Gpu gpu() {
    return gpu;
  }

  Product.Kind kind() {
    return kind;
  }

  PlacedWeights weights() {
    return weights;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
