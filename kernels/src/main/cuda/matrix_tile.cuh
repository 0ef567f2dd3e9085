// SPDX-License-Identifier: Apache-2.0
// One tile of C = A W^T by mma.sync, for halves and for signed bytes alike.
//
// Every accumulator sums its products in one order, along the strip and strip after strip, whatever
// the tile and wherever in it the row lies: a token's result never depends on its batch-mates, and
// both tile sizes give the same bits.
#pragma once

#include "strips.cuh"

struct HalfUnit {
  using Sum = float;
  static __device__ __forceinline__ void multiply(float (&c)[4], const uint32_t (&a)[4],
                                                  uint32_t b0, uint32_t b1) {
    multiply_halves(c, a, b0, b1);
  }
};

struct ByteUnit {
  using Sum = int32_t;
  static __device__ __forceinline__ void multiply(int32_t (&c)[4], const uint32_t (&a)[4],
                                                  uint32_t b0, uint32_t b1) {
    multiply_bytes(c, a, b0, b1);
  }
};

// SIDE x SIDE of C by four warps, each a quarter of it.
template <class UNIT, int SIDE>
struct MatrixTile {
  static constexpr int kRows = SIDE;
  static constexpr int kColumns = SIDE;
  static constexpr int kWarpSide = SIDE / 2;
  static constexpr int kBands = kWarpSide / 16;  // fragments of C down a warp's quarter
  static constexpr int kBandRows = 16;
  static constexpr int kStrips = kWarpSide / 8;  // and across it
  static constexpr int kStages = 3;
  static constexpr int kFactorBytes = SIDE * kStripBytes;
  static constexpr int kStageBytes = 2 * kFactorBytes;

  // Fragment [band][strip] of this thread: elements 0, 1 lie in row lane/4, columns 2(lane%4) and
  // the next; elements 2, 3 eight rows below.
  typename UNIT::Sum sums[kBands][kStrips][4];

  __device__ __forceinline__ static int warp_row() { return warp_index() / 2 * kWarpSide; }
  __device__ __forceinline__ static int warp_column() { return warp_index() % 2 * kWarpSide; }

  __device__ __forceinline__ void multiply_strip(const unsigned char* a_rows,
                                                 const unsigned char* w_rows) {
    const int lane = lane_index();
#pragma unroll
    for (int step = 0; step < kStripBytes / 32; step++) {
      uint32_t a[kBands][4];
#pragma unroll
      for (int band = 0; band < kBands; band++) {
        const int row = warp_row() + band * 16 + lane % 16;
        load_matrices(a[band], a_rows + strip_place(row, step * 2 + lane / 16));
      }
#pragma unroll
      for (int pair = 0; pair < kStrips / 2; pair++) {
        uint32_t w[4];
        const int row = warp_column() + pair * 16 + lane / 16 * 8 + lane % 8;
        load_matrices(w, w_rows + strip_place(row, step * 2 + lane / 8 % 2));
#pragma unroll
        for (int band = 0; band < kBands; band++) {
          UNIT::multiply(sums[band][2 * pair], a[band], w[0], w[1]);
          UNIT::multiply(sums[band][2 * pair + 1], a[band], w[2], w[3]);
        }
      }
    }
  }

  // The whole product. Leaves shared memory free.
  __device__ __forceinline__ void multiply(const Factor& a, const Factor& w,
                                           unsigned char* shared) {
    clear(sums);
    const int strips = a.strips();
    auto copy = [&](int strip) {
      if (strip < strips) {
        unsigned char* stage = shared + strip % kStages * kStageBytes;
        a.template copy_strip<SIDE>(stage, strip);
        w.template copy_strip<SIDE>(stage + kFactorBytes, strip);
      }
      copy_async_commit();  // an empty group too: waits count groups
    };
    for (int strip = 0; strip < kStages - 1; strip++) {
      copy(strip);
    }
    for (int strip = 0; strip < strips; strip++) {
      copy_async_wait<kStages - 2>();
      __syncthreads();  // this strip is there, and everyone is done with the one before
      copy(strip + kStages - 1);
      const unsigned char* stage = shared + strip % kStages * kStageBytes;
      multiply_strip(stage, stage + kFactorBytes);
    }
    __syncthreads();
  }
};
