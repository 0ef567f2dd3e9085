// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * {@code out[T, hidden] = LayerNorm(words[ids] + positions[..] + types[..])} (embed.cu).
 *
 * @param types 0: every token is of type 0
 * @param typeTable of 0 rows at address 0: the model has no types
 * @param factors floats by which channels are multiplied before they are quantized; 0: by 1
 * @param bytes and {@code scales}: 0, or where the result goes quantized as well
 */
public record Embed(
    long shape,
    long ids,
    long positions,
    long types,
    Table wordTable,
    Table positionTable,
    Table typeTable,
    long gain,
    long shift,
    float epsilon,
    int hidden,
    long out,
    long factors,
    long bytes,
    long scales) {

  /** Rows of halves. */
  public record Table(long address, int rows) {}

  public Launch launch(int tokenBound) {
    return RowKernels.launch(
        "sluice_embed",
        tokenBound,
        hidden,
        new Launch.Arguments()
            .addresses(shape, ids, positions, types)
            .addresses(wordTable.address)
            .ints(wordTable.rows)
            .addresses(positionTable.address)
            .ints(positionTable.rows)
            .addresses(typeTable.address)
            .ints(typeTable.rows)
            .addresses(gain, shift)
            .real(epsilon)
            .ints(hidden)
            .addresses(out, factors, bytes, scales));
  }
}
