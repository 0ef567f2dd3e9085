// SPDX-License-Identifier: Apache-2.0
// The rows of a matrix on the card that are most alike a query by cosine: for caches and reranking.
//
// A block scores 1024 rows (a slab) in one pass over their bytes, sorts them in shared memory and
// keeps the best k; a second kernel merges the slabs' winners. Scores and row numbers travel as one
// 64-bit key whose order is: higher score, then lower row number; so the result is exact and the same
// every time. Cosine ignores a row's scale, so quantized rows need none.
#include "row.cuh"

constexpr int kSlab = 1024;
constexpr int kTopThreads = 8 * kWarp;

// Bits of floats, read as signed integers, order as the floats do except that negative ones are
// reversed; unsigned order wants the sign turned as well.
__device__ __forceinline__ uint32_t ordered(float score) {
  const uint32_t bits = __float_as_uint(score);
  return bits >> 31 != 0 ? ~bits : bits | 0x80000000u;
}

__device__ __forceinline__ float unordered(uint32_t order) {
  return __uint_as_float(order >> 31 != 0 ? order & 0x7fffffffu : ~order);
}

// A key is never 0: 0 stands for "no row" and sorts behind all.
__device__ __forceinline__ uint64_t key_of(float score, int row) {
  const float number = score == score ? score : -INFINITY;
  return static_cast<uint64_t>(ordered(number)) << 32 | ~static_cast<uint32_t>(row);
}

// Bitonic sort of kSlab keys in shared memory, largest first, by the whole block.
__device__ __forceinline__ void sort_slab(uint64_t* keys) {
  for (int run = 2; run <= kSlab; run *= 2) {
    for (int distance = run / 2; distance > 0; distance /= 2) {
      __syncthreads();
      for (int i = threadIdx.x; i < kSlab / 2; i += kTopThreads) {
        const int low = 2 * i - (i & (distance - 1));
        const int high = low + distance;
        const bool descending = (low & run) == 0;
        const uint64_t a = keys[low];
        const uint64_t b = keys[high];
        if ((a < b) == descending) {
          keys[low] = b;
          keys[high] = a;
        }
      }
    }
  }
  __syncthreads();
}

// rows [count, dims]; queries [Q, dims], one per blockIdx.y; keys [Q, slabs, k].
template <class ELEMENT>
__device__ __forceinline__ void best_of_slab(const ELEMENT* rows, int count, int dims,
                                             const float* queries, int k, uint64_t* keys) {
  uint64_t* slab = reinterpret_cast<uint64_t*>(shared_memory());
  Row<kWarp> query;
  query.clear();
  query.add(queries + static_cast<int64_t>(blockIdx.y) * dims, dims);
  float query_squares = 0.0f;
  query.each(dims, [&](int, float (&mine)[8]) {
#pragma unroll
    for (int i = 0; i < 8; i++) {
      query_squares += mine[i] * mine[i];
    }
  });
  query_squares = sum_over<kWarp>(query_squares);

#pragma unroll 2
  for (int i = warp_index(); i < kSlab; i += kTopThreads / kWarp) {
    const int row = blockIdx.x * kSlab + i;
    uint64_t key = 0;
    if (row < count) {
      float dot = 0.0f;
      float squares = 0.0f;
      query.each(dims, [&](int column, float (&mine)[8]) {
        float values[8];
        load8(rows + static_cast<int64_t>(row) * dims + column, values);
#pragma unroll
        for (int j = 0; j < 8; j++) {
          dot += values[j] * mine[j];
          squares += values[j] * values[j];
        }
      });
      dot = sum_over<kWarp>(dot);
      squares = sum_over<kWarp>(squares);
      const float lengths = sqrtf(squares) * sqrtf(query_squares);
      key = key_of(lengths > 0.0f ? dot / lengths : dot, row);
    }
    if (lane_index() == 0) {
      slab[i] = key;
    }
  }
  sort_slab(slab);
  const int64_t list = static_cast<int64_t>(blockIdx.y) * gridDim.x + blockIdx.x;
  for (int i = threadIdx.x; i < k; i += kTopThreads) {
    keys[list * k + i] = slab[i];
  }
}

extern "C" __global__ void __launch_bounds__(kTopThreads)
    sluice_topk_f16(const Half* rows, int count, int dims, const float* queries, int k,
                    uint64_t* keys) {
  best_of_slab(rows, count, dims, queries, k, keys);
}

extern "C" __global__ void __launch_bounds__(kTopThreads)
    sluice_topk_s8(const int8_t* rows, int count, int dims, const float* queries, int k,
                   uint64_t* keys) {
  best_of_slab(rows, count, dims, queries, k, keys);
}

// keys [Q, slabs, k] to scores and row numbers [Q, k], best first; where there are fewer than k rows
// the rest is -inf and -1. One block per query; k is below kSlab.
extern "C" __global__ void __launch_bounds__(kTopThreads)
    sluice_topk_merge(const uint64_t* keys, int slabs, int k, float* scores, int32_t* rows) {
  uint64_t* best = reinterpret_cast<uint64_t*>(shared_memory());
  const int64_t total = static_cast<int64_t>(slabs) * k;
  const uint64_t* all = keys + blockIdx.x * total;
  for (int i = threadIdx.x; i < k; i += kTopThreads) {
    best[i] = 0;
  }
  for (int64_t from = 0; from < total; from += kSlab - k) {
    for (int i = threadIdx.x; i < kSlab - k; i += kTopThreads) {
      best[k + i] = from + i < total ? all[from + i] : 0;
    }
    sort_slab(best);
  }
  for (int i = threadIdx.x; i < k; i += kTopThreads) {
    const bool found = best[i] != 0;
    const int64_t at = static_cast<int64_t>(blockIdx.x) * k + i;
    scores[at] = found ? unordered(static_cast<uint32_t>(best[i] >> 32)) : -INFINITY;
    rows[at] = found ? static_cast<int32_t>(~static_cast<uint32_t>(best[i])) : -1;
  }
}
