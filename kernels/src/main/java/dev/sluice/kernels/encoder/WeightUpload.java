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
import java.util.Optional;

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
    Optional<DrawnTokens> drawn =
        precision == Precision.INT8
            ? Optional.of(DrawnTokens.embedded(dims, weights))
            : Optional.empty();
    List<PlacedWeights.Layer> layers = new ArrayList<>(dims.layers());
    for (int i = 0; i < dims.layers(); i++) {
      layers.add(layer("layer " + i + ", ", weights.layers().get(i), drawn));
    }
    return new PlacedWeights(words, positions, types, norm, List.copyOf(layers));
  }

  /**
   * @param drawn as the layer is given them, and then as it gives them
   */
  private PlacedWeights.Layer layer(
      String of, EncoderWeights.Layer layer, Optional<DrawnTokens> drawn) {
    int hidden = dims.hidden();
    int wide = dims.feedForward();
    PlacedWeights.Linear qkv =
        smoothed(of + "queries, keys and values", layer.qkv(), 3 * hidden, drawn);
    PlacedWeights.Linear attended =
        linear(of + "attention's output", layer.attended(), hidden, hidden);
    PlacedWeights.Norm attentionNorm = norm(of + "norm of attention", layer.attentionNorm());
    drawn.ifPresent(tokens -> tokens.attend(layer));
    PlacedWeights.Linear up = smoothed(of + "feed-forward up", layer.up(), wide, drawn);
    PlacedWeights.Linear down = linear(of + "feed-forward down", layer.down(), hidden, wide);
    PlacedWeights.Norm outputNorm = norm(of + "norm of the output", layer.outputNorm());
    drawn.ifPresent(tokens -> tokens.feedForward(layer));
    return new PlacedWeights.Layer(qkv, attended, attentionNorm, up, down, outputNorm);
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

  PlacedWeights.Linear linear(String what, EncoderWeights.Linear linear, int n, int k) {
    return switch (precision) {
      case FP16 ->
          new PlacedWeights.Linear(
              halves(what, linear.weight(), (long) n * k),
              0,
              0,
              floats(what + ", bias", linear.bias(), n),
              n,
              k);
      case INT8 -> inBytes(what, linear, n, k, Optional.empty());
    };
  }

  /** Of what LayerNorms give, where that is to be quantized. */
  private PlacedWeights.Linear smoothed(
      String what, EncoderWeights.Linear linear, int n, Optional<DrawnTokens> drawn) {
    int k = dims.hidden();
    if (drawn.isEmpty()) {
      return linear(what, linear, n, k);
    }
    requireCount(what, linear.weight(), (long) n * k);
    Smoothing smoothing = Smoothing.of(drawn.get().reach(), linear.weight());
    return inBytes(what, linear, n, k, Optional.of(smoothing));
  }

  private PlacedWeights.Linear inBytes(
      String what, EncoderWeights.Linear linear, int n, int k, Optional<Smoothing> smoothing) {
    float[] scales = new float[n];
    long weight = bytes(what, linear.weight(), k, smoothing, scales);
    return new PlacedWeights.Linear(
        weight,
        floats(what + ", scales", FloatBuffer.wrap(scales), n),
        smoothing.isEmpty() ? 0 : floats(what + ", factors", smoothing.get().ofRows(), k),
        floats(what + ", bias", linear.bias(), n),
        n,
        k);
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
  private long bytes(
      String what, FloatBuffer values, int k, Optional<Smoothing> smoothing, float[] scales) {
    requireCount(what, values, (long) scales.length * k);
    long begin = begin(what, (long) scales.length * k);
    float[] row = new float[k];
    for (int n = 0; n < scales.length; n++) {
      values.get(values.position() + n * k, row);
      float largest = 0;
      for (int i = 0; i < k; i++) {
        checked(what, row[i], Float.MAX_VALUE);
        row[i] *= smoothing.isEmpty() ? 1 : smoothing.get().factors()[i];
        largest = Math.max(largest, Math.abs(row[i]));
      }
      scales[n] = checked(what, largest, Float.MAX_VALUE) / LARGEST_BYTE;
      float inverse = largest > 0 ? LARGEST_BYTE / largest : 0;
      for (float value : row) {
        room(Byte.BYTES);
        chunk.put((byte) Math.rint(value * inverse));
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
