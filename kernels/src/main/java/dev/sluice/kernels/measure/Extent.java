// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import java.util.List;

/**
 * How much is measured.
 *
 * @param draws of random data on which each kernel is compared with its reference
 * @param rounds medians are of so many
 * @param roundMillis what one measurement lasts, roughly
 * @param copyBytes of the copy whose speed is the ceiling of memory
 * @param product side of the large products, all three
 * @param tokens of a batch; a card with little memory gets fewer
 * @param rows of the matrix that is searched
 * @param models whose sizes are timed, the one that tells whether INT8 pays among them
 * @param checkedLayers of each model, whose vectors are compared with a reference that is slow
 */
public record Extent(
    int draws,
    int rounds,
    double roundMillis,
    long copyBytes,
    int product,
    int tokens,
    int rows,
    List<Model> models,
    int checkedLayers) {
  private static final int WORDS = 30_522;
  private static final int POSITIONS = 512;
  private static final long LITTLE_MEMORY = 8L << 30;

  /** The model whose figures the last line has. */
  static final String BASE = "BERT-base";

  /**
   * @param lengths of sequences; mixed ones lie between the least and the most of them
   */
  public record Model(String name, EncoderDims dims, List<Integer> lengths) {
    public Model {
      lengths = List.copyOf(lengths);
    }
  }

  public Extent {
    models = List.copyOf(models);
  }

  /** A few minutes on a card. */
  public static Extent full() {
    return new Extent(
        12, 9, 30, 1L << 30, 8192, 1 << 15, 1 << 20, List.of(miniLm(), base(), large()), 2);
  }

  /** Enough to see that everything works. */
  public static Extent quick() {
    return new Extent(1, 3, 5, 1L << 28, 8192, 1 << 13, 1 << 18, List.of(miniLm(), base()), 1);
  }

  Turns turns() {
    return new Turns(rounds, roundMillis);
  }

  /** The same for a card with so much memory. */
  Extent on(long totalBytes) {
    return totalBytes >= LITTLE_MEMORY
        ? this
        : new Extent(
            draws,
            rounds,
            roundMillis,
            Math.min(copyBytes, 1L << 26),
            Math.min(product, 4096),
            Math.min(tokens, 1 << 12),
            Math.min(rows, 1 << 16),
            models,
            checkedLayers);
  }

  private static Model miniLm() {
    return model("MiniLM-L6", 6, 384, 12);
  }

  private static Model base() {
    return model(BASE, 12, 768, 12);
  }

  private static Model large() {
    return model("BERT-large", 24, 1024, 16);
  }

  private static Model model(String name, int layers, int hidden, int heads) {
    EncoderDims dims =
        new EncoderDims(layers, hidden, heads, 4 * hidden, WORDS, POSITIONS, 2, 1e-12f);
    return new Model(name, dims, List.of(32, 128, 512));
  }
}
