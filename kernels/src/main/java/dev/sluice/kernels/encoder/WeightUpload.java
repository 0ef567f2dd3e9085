// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.gpu.Transfers;
import dev.sluice.kernels.launch.Embed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts weights on the card in the form that kernels read. For one thread; the copies are done when
 * the stream of the transfers is.
 */
final class WeightUpload {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final float LARGEST_HALF = 65504;
  private static final float LARGEST_BYTE = 127;

  private final Arena arena;
  private final Transfers transfers;
  private final EncoderDims dims;
  private final Precision precision;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long address;

  WeightUpload(Arena arena, Transfers transfers, EncoderDims dims, Precision precision) {
    this.arena = arena;
    this.transfers = transfers;
    this.dims = dims;
    this.precision = precision;
  }

  /**
   * @throws IllegalArgumentException where the weights have not the encoder's sizes, or hold a
   *     number that is none or too large; the message says which
   */
  PlacedWeights all(EncoderWeights weights) {
    if (weights.layers().size() != dims.layers()) {
      throw new IllegalArgumentException(
          "weights of %d layers for an encoder of %d"
              .formatted(weights.layers().size(), dims.layers()));
    }
    Embed.Table words = table("words", weights.words(), dims.words());
    Embed.Table positions = table("positions", weights.positions(), dims.positions());
    Embed.Table types = table("token types", weights.types(), dims.types());
    PlacedWeights.Norm norm = norm("norm of the embeddings", weights.norm());
    List<PlacedWeights.Layer> layers = new ArrayList<>(dims.layers());
    for (int i = 0; i < dims.layers(); i++) {
      layers.add(layer("layer " + i + ", ", weights.layers().get(i)));
    }
    return new PlacedWeights(words, positions, types, norm, List.copyOf(layers));
  }

  private PlacedWeights.Layer layer(String of, EncoderWeights.Layer layer) {
    int hidden = dims.hidden();
    int wide = dims.feedForward();
    return new PlacedWeights.Layer(
        linear(
            of + "queries, keys and values",
            layer.qkv(),
            3 * hidden,
            hidden,
            precision.ofQueries()),
        linear(of + "attention's output", layer.attended(), hidden, hidden, precision),
        norm(of + "norm of attention", layer.attentionNorm()),
        linear(of + "feed-forward up", layer.up(), wide, hidden, precision),
        linear(of + "feed-forward down", layer.down(), hidden, wide, precision),
        norm(of + "norm of the output", layer.outputNorm()));
  }

  private Embed.Table table(String what, FloatBuffer values, int rows) {
    if (rows == 0) {
      requireCount(what, values, 0);
      return new Embed.Table(0, 0);
    }
    return new Embed.Table(halves(what, values, (long) rows * dims.hidden()), rows);
  }

  private PlacedWeights.Norm norm(String what, EncoderWeights.Norm norm) {
    return new PlacedWeights.Norm(
        floats(what + ", gain", norm.gain(), dims.hidden()),
        floats(what + ", shift", norm.shift(), dims.hidden()));
  }

  PlacedWeights.Linear linear(
      String what, EncoderWeights.Linear linear, int n, int k, Precision of) {
    long bias = floats(what + ", bias", linear.bias(), n);
    return switch (of) {
      case FP16 ->
          new PlacedWeights.Linear(halves(what, linear.weight(), (long) n * k), 0, bias, n, k);
      case INT8 -> {
        float[] scales = new float[n];
        long weight = bytes(what, linear.weight(), k, scales);
        yield new PlacedWeights.Linear(
            weight, floats(what + ", scales", FloatBuffer.wrap(scales), n), bias, n, k);
      }
    };
  }

  private long halves(String what, FloatBuffer values, long count) {
    requireCount(what, values, count);
    long begin = begin(what, count * Short.BYTES);
    for (int i = values.position(); i < values.limit(); i++) {
      room(Short.BYTES);
      chunk.putShort(Float.floatToFloat16(checked(what, values.get(i), LARGEST_HALF)));
    }
    flush();
    return begin;
  }

  private long floats(String what, FloatBuffer values, long count) {
    requireCount(what, values, count);
    long begin = begin(what, count * Float.BYTES);
    for (int i = values.position(); i < values.limit(); i++) {
      room(Float.BYTES);
      chunk.putFloat(checked(what, values.get(i), Float.MAX_VALUE));
    }
    flush();
    return begin;
  }

  /** Rows of {@code k}, each with a scale by which its largest magnitude becomes 127. */
  private long bytes(String what, FloatBuffer values, int k, float[] scales) {
    requireCount(what, values, (long) scales.length * k);
    long begin = begin(what, (long) scales.length * k);
    for (int row = 0; row < scales.length; row++) {
      int from = values.position() + row * k;
      float largest = 0;
      for (int i = from; i < from + k; i++) {
        largest = Math.max(largest, Math.abs(checked(what, values.get(i), Float.MAX_VALUE)));
      }
      scales[row] = largest / LARGEST_BYTE;
      float inverse = largest > 0 ? LARGEST_BYTE / largest : 0;
      for (int i = from; i < from + k; i++) {
        room(Byte.BYTES);
        chunk.put((byte) Math.rint(values.get(i) * inverse));
      }
    }
    flush();
    return begin;
  }

  private long begin(String what, long bytes) {
    address = arena.place(what, bytes);
    return address;
  }

  private void room(int bytes) {
    if (chunk.remaining() < bytes) {
      flush();
    }
  }

  private void flush() {
    chunk.flip();
    int count = chunk.remaining();
    transfers.upload(chunk, address);
    address += count;
    chunk.clear();
  }

  private static void requireCount(String what, FloatBuffer values, long count) {
    if (values.remaining() != count) {
      throw new IllegalArgumentException(
          "%s: %d numbers, not %d".formatted(what, values.remaining(), count));
    }
  }

  private static float checked(String what, float value, float most) {
    if (!(Math.abs(value) <= most)) {
      throw new IllegalArgumentException(
          "%s: %s is not a number of at most %s".formatted(what, value, most));
    }
    return value;
  }
}
