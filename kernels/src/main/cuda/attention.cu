// SPDX-License-Identifier: Apache-2.0
// Self-attention over packed sequences: out = softmax(Q K^T * scale) V per sequence and head.
//
// One block takes 64 queries of one head and walks over the sequence's keys, 64 at a time, keeping a
// running maximum and sum per query (online softmax, in float), so no score ever reaches memory.
// Each of its four warps owns 16 queries. The walk begins at the sequence's own start: a sequence's
// result does not depend on what lies before or behind it in the batch.
//
// qkv is [T, 3, heads, D], as one product with the three weights stacked leaves it; out [T, heads, D].
#include "device.cuh"

// A block's work, listed by the host: sequence, and which of its tokens is the first query.
struct AttentionTile {
  int32_t sequence;
  int32_t first;
};

template <int D>
struct AttentionBlock {
  static constexpr int kThreads = 4 * kWarp;
  static constexpr int kTile = 64;
  static constexpr int kChunks = D / 8;
  static constexpr int kTileBytes = kTile * D * 2;

  unsigned char* shared;
  const Half* qkv;  // the sequence's first token, this head's first query component
  int stride;       // from token to token
  int length;

  __device__ __forceinline__ unsigned char* queries() const { return shared; }
  __device__ __forceinline__ unsigned char* keys(int tile) const {
    return shared + (1 + tile % 2 * 2) * kTileBytes;
  }
  __device__ __forceinline__ unsigned char* values(int tile) const {
    return keys(tile) + kTileBytes;
  }

  // Chunks are exchanged by row, so that ldmatrix finds eight rows in different banks.
  __device__ __forceinline__ static int place(int row, int chunk) {
    const int exchange = D == 64 ? row & 7 : (row >> 1) & 3;
    return row * (D * 2) + ((chunk ^ exchange) << 4);
  }

  // Begins to copy 64 tokens' rows; tokens behind the sequence's end become zeros.
  __device__ __forceinline__ void copy(unsigned char* to, const Half* from, int first) const {
#pragma unroll
    for (int i = 0; i < kTile * kChunks / kThreads; i++) {
      const int index = threadIdx.x + i * kThreads;
      const int row = index / kChunks;
      const int chunk = index % kChunks;
      const bool valid = first + row < length;
      const int64_t offset = valid ? static_cast<int64_t>(first + row) * stride + chunk * 8 : 0;
      copy_async16(to + place(row, chunk), from + offset, valid);
    }
  }
};

// Sixteen queries of one warp: fragment rows lane/4 and lane/4 + 8.
template <int D>
struct WarpQueries {
  using Block = AttentionBlock<D>;

  uint32_t queries[D / 16][4];
  float outputs[D / 8][4];
  float maximum[2];
  float sum[2];

  __device__ __forceinline__ void start() {
#pragma unroll
    for (int i = 0; i < D / 8; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        outputs[i][j] = 0.0f;
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      maximum[half] = -INFINITY;
      sum[half] = 0.0f;
    }
  }

  __device__ __forceinline__ void load(const unsigned char* tile) {
    const int row = warp_index() * 16 + lane_index() % 16;
#pragma unroll
    for (int step = 0; step < D / 16; step++) {
      load_matrices(queries[step], tile + Block::place(row, step * 2 + lane_index() / 16));
    }
  }

  // scores = Q K^T of the tile; -inf where there is no key.
  __device__ __forceinline__ void score(float (&scores)[8][4], const unsigned char* keys,
                                        int key_count) const {
    const int lane = lane_index();
#pragma unroll
    for (int pair = 0; pair < 4; pair++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        scores[2 * pair][i] = 0.0f;
        scores[2 * pair + 1][i] = 0.0f;
      }
      if (pair * 16 < key_count) {
#pragma unroll
        for (int step = 0; step < D / 16; step++) {
          uint32_t k[4];
          const int row = pair * 16 + lane / 16 * 8 + lane % 8;
          load_matrices(k, keys + Block::place(row, step * 2 + lane / 8 % 2));
          multiply_halves(scores[2 * pair], queries[step], k[0], k[1]);
          multiply_halves(scores[2 * pair + 1], queries[step], k[2], k[3]);
        }
      }
    }
    if (key_count < Block::kTile) {
#pragma unroll
      for (int strip = 0; strip < 8; strip++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          if (strip * 8 + lane % 4 * 2 + i % 2 >= key_count) {
            scores[strip][i] = -INFINITY;
          }
        }
      }
    }
  }

  // Turns scores into weights relative to the largest score so far, and rescales what was summed
  // relative to an older one. A tile has at least one key, so the maximum is finite.
  __device__ __forceinline__ void weigh(float (&scores)[8][4], float scale_log2) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float largest = maximum[half];
#pragma unroll
      for (int strip = 0; strip < 8; strip++) {
        largest = fmaxf(largest, fmaxf(scores[strip][half * 2], scores[strip][half * 2 + 1]));
      }
      largest = fmaxf(largest, __shfl_xor_sync(kWholeWarp, largest, 1));
      largest = fmaxf(largest, __shfl_xor_sync(kWholeWarp, largest, 2));
      const float correction = exp2_fast((maximum[half] - largest) * scale_log2);
      maximum[half] = largest;
      sum[half] *= correction;
#pragma unroll
      for (int strip = 0; strip < D / 8; strip++) {
        outputs[strip][half * 2] *= correction;
        outputs[strip][half * 2 + 1] *= correction;
      }
#pragma unroll
      for (int strip = 0; strip < 8; strip++) {
#pragma unroll
        for (int i = half * 2; i < half * 2 + 2; i++) {
          scores[strip][i] = exp2_fast((scores[strip][i] - largest) * scale_log2);
          sum[half] += scores[strip][i];
        }
      }
    }
  }

  // outputs += weights V. Two fragments of C beside each other are one fragment of A.
  __device__ __forceinline__ void gather(const float (&weights)[8][4], const unsigned char* values,
                                         int key_count) {
    const int lane = lane_index();
#pragma unroll
    for (int step = 0; step < 4; step++) {
      if (step * 16 < key_count) {
        const uint32_t w[4] = {pack_pair(weights[2 * step][0], weights[2 * step][1]),
                               pack_pair(weights[2 * step][2], weights[2 * step][3]),
                               pack_pair(weights[2 * step + 1][0], weights[2 * step + 1][1]),
                               pack_pair(weights[2 * step + 1][2], weights[2 * step + 1][3])};
#pragma unroll
        for (int pair = 0; pair < D / 16; pair++) {
          uint32_t v[4];
          load_matrices_transposed(
              v, values + Block::place(step * 16 + lane % 16, pair * 2 + lane / 16));
          multiply_halves(outputs[2 * pair], w, v[0], v[1]);
          multiply_halves(outputs[2 * pair + 1], w, v[2], v[3]);
        }
      }
    }
  }

  // Divides by the sums and writes the queries that exist.
  __device__ __forceinline__ void store(Half* out, int stride, int first, int length) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float total = sum[half];
      total += __shfl_xor_sync(kWholeWarp, total, 1);
      total += __shfl_xor_sync(kWholeWarp, total, 2);
      const float inverse = 1.0f / total;
      const int row = first + warp_index() * 16 + lane_index() / 4 + half * 8;
      if (row < length) {
        Half* to = out + static_cast<int64_t>(row) * stride + lane_index() % 4 * 2;
#pragma unroll
        for (int strip = 0; strip < D / 8; strip++) {
          *reinterpret_cast<uint32_t*>(to + strip * 8) = pack_pair(
              outputs[strip][half * 2] * inverse, outputs[strip][half * 2 + 1] * inverse);
        }
      }
    }
  }
};

template <int D>
__device__ __forceinline__ void attention(const BatchShape* shape, const int32_t* starts,
                                          const AttentionTile* tiles, const Half* qkv, int heads,
                                          float scale_log2, Half* out) {
  if (static_cast<int>(blockIdx.x) >= shape->attention_tiles) {
    return;
  }
  using Block = AttentionBlock<D>;
  const AttentionTile tile = tiles[blockIdx.x];
  const int begin = starts[tile.sequence];
  const int length = starts[tile.sequence + 1] - begin;
  const int head = blockIdx.y;
  const int hidden = heads * D;
  const Half* q = qkv + static_cast<int64_t>(begin) * 3 * hidden + head * D;
  const Block block{shared_memory(), q, 3 * hidden, length};
  const int key_tiles = (length + Block::kTile - 1) / Block::kTile;
  auto copy = [&](int key_tile) {
    if (key_tile < key_tiles) {
      block.copy(block.keys(key_tile), q + hidden, key_tile * Block::kTile);
      block.copy(block.values(key_tile), q + 2 * hidden, key_tile * Block::kTile);
    }
    copy_async_commit();
  };

  block.copy(block.queries(), q, tile.first);
  copy(0);
  // A warp without queries helps to copy and waits at barriers, but computes nothing.
  const bool idle = tile.first + warp_index() * 16 >= length;
  WarpQueries<D> warp;
  warp.start();
  for (int key_tile = 0; key_tile < key_tiles; key_tile++) {
    copy(key_tile + 1);
    copy_async_wait<1>();
    __syncthreads();
    if (!idle) {
      if (key_tile == 0) {
        warp.load(block.queries());
      }
      const int key_count = min(length - key_tile * Block::kTile, Block::kTile);
      float scores[8][4];
      warp.score(scores, block.keys(key_tile), key_count);
      warp.weigh(scores, scale_log2);
      warp.gather(scores, block.values(key_tile), key_count);
    }
    __syncthreads();  // before the next copy lands where these keys were
  }
  if (!idle) {
    warp.store(out + static_cast<int64_t>(begin) * hidden + head * D, hidden, tile.first, length);
  }
}

// scale_log2 is the score's scale times log2(e), as exp(x) is taken as 2^(x log2(e)).
#define SLUICE_ATTENTION(NAME, D)                                                             \
  extern "C" __global__ void __launch_bounds__(128)                                           \
      NAME(const BatchShape* shape, const int32_t* starts, const AttentionTile* tiles,        \
           const Half* qkv, int heads, float scale_log2, Half* out) {                         \
    attention<D>(shape, starts, tiles, qkv, heads, scale_log2, out);                          \
  }

SLUICE_ATTENTION(sluice_attention_32, 32)
SLUICE_ATTENTION(sluice_attention_64, 64)
