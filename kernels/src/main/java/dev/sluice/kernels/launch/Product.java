// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import java.util.Locale;

/** What the products of halves (gemm_f16.cu) and of signed bytes (gemm_s8.cu) have in common. */
public final class Product {
  /** What is done to the sums before they are written. */
  public enum Finish {
    BIAS,
    GELU,
    RESIDUAL
  }

  /**
   * By which instructions. Both tiles of one kind give the same bits; the two kinds may not, so an
   * engine keeps to one of them for as long as it lives.
   */
  public enum Kind {
    /** mma.sync: every card. */
    WARP(Tile.WARP_LARGE, Tile.WARP_SMALL),
    /** wgmma: compute capability 9.0 alone; elsewhere these kernels refuse to run. */
    WARPGROUP(Tile.WARPGROUP_LARGE, Tile.WARPGROUP_SMALL);

    private final Tile large;
    private final Tile small;

    Kind(Tile large, Tile small) {
      this.large = large;
      this.small = small;
    }

    public Tile large() {
      return large;
    }

    public Tile small() {
      return small;
    }

    /** The large one moves fewer bytes per product; the small one, where much would stand idle. */
    public Tile tile(int tokens, int columns, int multiprocessors) {
      int blocks = Launch.blocks(tokens, large.rows) * Launch.blocks(columns, large.columns);
      return blocks >= multiprocessors ? large : small;
    }
  }

  /** How much of the result one block makes. */
  public enum Tile {
    WARP_LARGE("128", 128, 128, 3),
    WARP_SMALL("64", 64, 64, 3),
    WARPGROUP_LARGE("wg128", 128, 128, 6),
    WARPGROUP_SMALL("wg64", 64, 128, 6);

    private final String suffix;
    private final int rows;
    private final int columns;
    private final int stages;

    Tile(String suffix, int rows, int columns, int stages) {
      this.suffix = suffix;
      this.rows = rows;
      this.columns = columns;
      this.stages = stages;
    }

    /** Strips of both factors on their way; the finished tile, in halves, fits where they were. */
    int sharedBytes() {
      return stages * (rows + columns) * STRIP_BYTES;
    }
  }

  private static final int THREADS = 4 * Launch.WARP;
  private static final int STRIP_BYTES = 64;

  private Product() {}

  static String name(String type, Finish finish, Tile tile) {
    return "sluice_gemm_" + type + "_" + finish.name().toLowerCase(Locale.ROOT) + "_" + tile.suffix;
  }

  static Launch launch(
      String name, Tile tile, int tokenBound, int columns, Launch.Arguments arguments) {
    return new Launch(
        name,
        Launch.blocks(columns, tile.columns),
        Launch.blocks(tokenBound, tile.rows),
        THREADS,
        tile.sharedBytes(),
        arguments.list());
  }
}
