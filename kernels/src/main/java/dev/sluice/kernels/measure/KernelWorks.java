// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.BatchShape;
import dev.sluice.kernels.launch.Embed;
import dev.sluice.kernels.launch.Head;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Norm;
import dev.sluice.kernels.launch.Pool;
import dev.sluice.kernels.launch.Quantize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels of one encoder's block, but for its products, each at the size that it has there. All
 * share two places: the results mean nothing.
 */
final class KernelWorks {
  private static final float EPSILON = 1e-6f;

  private final Scratch scratch;
  private final EncoderDims dims;
  private final int tokens;
  private final long shape;
  private final long from;
  private final long to;
  private final long parameters;
  private final long bytes;
  private final long scales;
  private final List<KernelWork> works = new ArrayList<>();

  private KernelWorks(Scratch scratch, EncoderDims dims, int tokens) {
    this.scratch = scratch;
    this.dims = dims;
    this.tokens = tokens;
    long widest = (long) tokens * widest(dims);
    this.shape = scratch.content(new BatchShape(tokens, 1, 0).bytes());
    this.from = scratch.halves(widest, 1);
    this.to = scratch.space(widest * Short.BYTES);
    this.parameters = scratch.floats(dims.hidden(), 1);
    this.bytes = scratch.space(widest);
    this.scales = scratch.space((long) tokens * Float.BYTES);
  }

  /** What {@link #of} places, with room for the ends of pieces. */
  static long scratchBytes(EncoderDims dims, int tokens) {
    long tables = (long) (dims.words() + dims.positions() + 2) * dims.hidden() * Short.BYTES;
    long head = (long) dims.hidden() * dims.hidden() * Short.BYTES;
    return 5L * tokens * widest(dims) + tables + head + 64L * tokens + (1 << 20);
  }

  /** Components of the widest thing that a token has between two kernels. */
  static int widest(EncoderDims dims) {
    return Math.max(3 * dims.hidden(), dims.feedForward());
  }

  static List<KernelWork> of(Scratch scratch, EncoderDims dims, int tokens, List<Integer> lengths) {
    KernelWorks all = new KernelWorks(scratch, dims, tokens);
    all.embed();
    all.norm();
    all.quantize(dims.hidden());
    all.quantize(dims.feedForward());
    for (int length : lengths) {
      all.attention(Math.min(length, tokens));
    }
    all.pool(Math.min(lengths.getFirst(), tokens));
    all.head(Math.min(lengths.getFirst(), tokens));
    return all.works;
  }

  private void embed() {
    int hidden = dims.hidden();
    Embed embed =
        new Embed(
            shape,
            scratch.ints(tokens, dims.words()),
            scratch.ints(tokens, dims.positions()),
            0,
            table(dims.words()),
            table(dims.positions()),
            table(1),
            parameters,
            parameters,
            EPSILON,
            hidden,
            to,
            0,
            0,
            0);
    add("embed", "H " + hidden, embed.launch(tokens), 8.0 * hidden * tokens, 0);
  }

  private Embed.Table table(int rows) {
    return new Embed.Table(scratch.halves((long) rows * dims.hidden(), 1), rows);
  }

  private void norm() {
    int hidden = dims.hidden();
    Norm norm =
        new Norm(
            shape,
            from,
            0,
            to,
            parameters,
            parameters,
            EPSILON,
            hidden,
            to,
            parameters,
            bytes,
            scales);
    // Two rows read, one written; and one of bytes.
    add("norm", "H %d, + bytes".formatted(hidden), norm.launch(tokens), 7.0 * hidden * tokens, 0);
  }

  private void quantize(int columns) {
    Launch launch = new Quantize(shape, from, columns, bytes, scales).launch(tokens);
    add("quantize", "N " + columns, launch, 3.0 * columns * tokens, 0);
  }

  private void attention(int length) {
    int hidden = dims.hidden();
    int[] lengths = lengths(length);
    Attention attention =
        new Attention(
            scratch.content(
                new BatchShape(tokens, lengths.length, Attention.tileCount(lengths)).bytes()),
            scratch.content(Attention.starts(lengths)),
            scratch.content(Attention.tiles(lengths)),
            from,
            dims.heads(),
            dims.headSize(),
            to);
    double each = (double) hidden * tokens;
    add(
        "attention_" + dims.headSize(),
        "H %d, S %d".formatted(hidden, length),
        attention.launch(Attention.tileCount(lengths)),
        8 * each,
        4 * each * length);
  }

  private void pool(int length) {
    int hidden = dims.hidden();
    int[] lengths = lengths(length);
    Pool pool =
        new Pool(
            scratch.content(new BatchShape(tokens, lengths.length, 0).bytes()),
            scratch.content(Attention.starts(lengths)),
            from,
            hidden,
            hidden,
            Pool.Pooling.MEAN,
            true,
            to,
            0,
            0,
            0);
    double read = 2.0 * hidden * tokens;
    double written = (double) Float.BYTES * hidden * lengths.length;
    add(
        "pool",
        "H %d, S %d".formatted(hidden, length),
        pool.launch(lengths.length),
        read + written,
        0);
  }

  /** Its first product; the one to the labels is hardly anything. */
  private void head(int length) {
    int hidden = dims.hidden();
    int[] lengths = lengths(length);
    Head head =
        new Head(
            scratch.content(new BatchShape(tokens, lengths.length, 0).bytes()),
            scratch.content(Attention.starts(lengths)),
            from,
            scratch.halves((long) hidden * hidden, 0.02),
            parameters,
            hidden,
            hidden,
            Head.Activation.TANH,
            to);
    double rows = (double) hidden * lengths.length;
    add(
        "head_first",
        "H %d, S %d".formatted(hidden, length),
        head.launch(lengths.length),
        6 * rows + 2.0 * hidden * hidden,
        0);
  }

  /** All of one length but for the last, which has what is left. */
  private int[] lengths(int length) {
    int[] lengths = new int[Math.ceilDiv(tokens, length)];
    Arrays.fill(lengths, length);
    lengths[lengths.length - 1] = tokens - (lengths.length - 1) * length;
    return lengths;
  }

  private void add(String kernel, String size, Launch launch, double moved, double operations) {
    works.add(new KernelWork(kernel, size, List.of(launch), moved, operations, false));
  }
}
