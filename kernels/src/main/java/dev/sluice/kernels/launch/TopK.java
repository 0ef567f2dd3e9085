// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * The {@code k} rows of {@code rows[count, dims]} most alike each query by cosine (topk.cu): two
 * launches, {@link #scan} and then {@link #merge}.
 *
 * @param queryAddress {@code [queries, dims]} floats
 * @param keys scratch of {@link #keyBytes}
 * @param scores {@code [queries, k]} floats, best first; -inf where there are fewer rows
 * @param rowNumbers {@code [queries, k]} ints; -1 where there are fewer rows
 */
public record TopK(
    Element element,
    long rows,
    int count,
    int dims,
    long queryAddress,
    int queries,
    int k,
    long keys,
    long scores,
    long rowNumbers) {

  /** What the rows are made of. Bytes need no scale: a cosine has none. */
  public enum Element {
    F16,
    S8
  }

  private static final int SLAB = 1024;
  private static final int THREADS = 8 * Launch.WARP;
  private static final int SHARED_BYTES = SLAB * Long.BYTES;
  private static final int MOST_K = SLAB / 2;

  public Launch scan() {
    String name = element == Element.F16 ? "sluice_topk_f16" : "sluice_topk_s8";
    RowKernels.requireHidden(name, dims);
    Launch.require(k > 0 && k <= MOST_K, name, "k must be 1 to " + MOST_K, k);
    return new Launch(
        name,
        slabs(),
        queries,
        THREADS,
        SHARED_BYTES,
        new Launch.Arguments()
            .addresses(rows)
            .ints(count, dims)
            .addresses(queryAddress)
            .ints(k)
            .addresses(keys)
            .list());
  }

  public Launch merge() {
    return new Launch(
        "sluice_topk_merge",
        queries,
        1,
        THREADS,
        SHARED_BYTES,
        new Launch.Arguments()
            .addresses(keys)
            .ints(slabs(), k)
            .addresses(scores, rowNumbers)
            .list());
  }

  public long keyBytes() {
    return (long) queries * slabs() * k * Long.BYTES;
  }

  private int slabs() {
    return Launch.blocks(count, SLAB);
  }
}
