// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.gpu.DeviceBuffer;
import dev.sluice.kernels.gpu.SizeBucket;

/**
 * A lane's device memory, cut into what its launches read and write.
 *
 * @param input as {@link InputBlock} fills it
 * @param x halves {@code [T, hidden]}: what a block is given, and gives
 * @param sum halves {@code [T, hidden]}: before a LayerNorm
 * @param qkv halves {@code [T, 3 hidden]}
 * @param attended halves {@code [T, hidden]}
 * @param wide halves {@code [T, feedForward]}
 * @param bytes what products of bytes are given, {@code [T, hidden]} or {@code [T, feedForward]}; 0
 *     where products are of halves
 * @param scales of the bytes, {@code [T]}; 0 likewise
 * @param dense floats {@code [B, hidden]}: between the products of a head; 0 where there is none
 * @param vectors floats {@code [B, width]}; 0 where tokens are the output
 */
record LaneMemory(
    long input,
    long x,
    long sum,
    long qkv,
    long attended,
    long wide,
    long bytes,
    long scales,
    long dense,
    long vectors) {

  /** How many bytes each of them has. */
  private record Sizes(
      long input, long row, long wide, long bytes, long scales, long dense, long vectors) {

    static Sizes of(EncoderDims dims, Precision precision, SizeBucket most, EncoderOutput output) {
      long tokens = most.tokens();
      boolean int8 = precision == Precision.INT8;
      return new Sizes(
          new InputBlock(most).bytes(),
          tokens * dims.hidden() * Short.BYTES,
          tokens * dims.feedForward() * Short.BYTES,
          int8 ? tokens * Math.max(dims.hidden(), dims.feedForward()) : 0,
          int8 ? tokens * Float.BYTES : 0,
          output instanceof EncoderOutput.Labels
              ? (long) most.sequences() * dims.hidden() * Float.BYTES
              : 0,
          output instanceof EncoderOutput.Tokens
              ? 0
              : (long) most.sequences() * output.width(dims) * Float.BYTES);
    }

    long total() {
      long total = 0;
      for (long piece :
          new long[] {input, row, row, 3 * row, row, wide, bytes, scales, dense, vectors}) {
        total += Arena.sizeOf(piece);
      }
      return total;
    }
  }

  static long bytes(EncoderDims dims, Precision precision, SizeBucket most, EncoderOutput output) {
    return Sizes.of(dims, precision, most, output).total();
  }

  /** Cuts the buffer, which has {@link #bytes}. */
  static LaneMemory cut(
      DeviceBuffer buffer,
      EncoderDims dims,
      Precision precision,
      SizeBucket most,
      EncoderOutput output) {
    Sizes sizes = Sizes.of(dims, precision, most, output);
    Arena arena = new Arena(buffer);
    return new LaneMemory(
        arena.place("the batch", sizes.input),
        arena.place("token vectors", sizes.row),
        arena.place("sums", sizes.row),
        arena.place("queries, keys and values", 3 * sizes.row),
        arena.place("attention", sizes.row),
        arena.place("feed-forward", sizes.wide),
        sizes.bytes == 0 ? 0 : arena.place("bytes", sizes.bytes),
        sizes.scales == 0 ? 0 : arena.place("scales", sizes.scales),
        sizes.dense == 0 ? 0 : arena.place("the head", sizes.dense),
        sizes.vectors == 0 ? 0 : arena.place("vectors", sizes.vectors));
  }
}
