// SPDX-License-Identifier: Apache-2.0
// One tile of C = A W^T by wgmma, Hopper's matrix instructions: four warps together multiply 64 rows
// of A by 128 of W straight from shared memory, asynchronously, and only the sums pass through
// registers. Only these reach Hopper's full matrix rate.
//
// Sums are taken in one order, as in matrix_tile.cuh, and both heights give the same bits; but not
// those of mma.sync, so an engine decides for one of the two when it loads, never per batch.
#pragma once

#include "matrix_tile.cuh"

#if SLUICE_WARPGROUPS
#if defined(__CUDACC__)
#include "warpgroup_instructions.cuh"
#endif

// 64 * BANDS rows and 128 columns of C.
template <class UNIT, int BANDS>
struct WarpgroupTile {
  static constexpr int kRows = 64 * BANDS;
  static constexpr int kColumns = 128;
  static constexpr int kBands = BANDS;
  static constexpr int kBandRows = 64;
  static constexpr int kStrips = kColumns / 8;
  static constexpr int kStages = 6;
  static constexpr int kABytes = kRows * kStripBytes;
  static constexpr int kStageBytes = kABytes + kColumns * kStripBytes;

  // As in MatrixTile; a warp holds 16 of the 64 rows of a band.
  typename UNIT::Sum sums[kBands][kStrips][4];

  __device__ __forceinline__ static int warp_row() { return warp_index() * 16; }
  __device__ __forceinline__ static int warp_column() { return 0; }

  // What tells wgmma where a factor lies: its address, 512 bytes from each eight rows to the next,
  // and the 64-byte swizzle (which must begin at a multiple of 512). All in units of 16 bytes.
  __device__ __forceinline__ static uint64_t descriptor(const unsigned char* rows) {
    constexpr uint64_t kEightRows = 8 * kStripBytes;
    constexpr uint64_t kSwizzle64 = 2;
    return (shared_address(rows) & 0x3ffff) >> 4 | uint64_t{1} << 16 | kEightRows >> 4 << 32 |
           kSwizzle64 << 62;
  }

  __device__ __forceinline__ void begin_strip(const unsigned char* a_rows,
                                              const unsigned char* w_rows) {
    warpgroup_fence();
#pragma unroll
    for (int step = 0; step < kStripBytes / 32; step++) {
#pragma unroll
      for (int band = 0; band < kBands; band++) {
        warpgroup_multiply(sums[band], descriptor(a_rows + band * 64 * kStripBytes + step * 32),
                           descriptor(w_rows + step * 32));
      }
    }
    warpgroup_commit();
  }

  // The whole product. Leaves shared memory free.
  __device__ __forceinline__ void multiply(const Factor& a, const Factor& w,
                                           unsigned char* shared) {
    clear(sums);
    const int strips = a.strips();
    auto copy = [&](int strip) {
      if (strip < strips) {
        unsigned char* stage = shared + strip % kStages * kStageBytes;
        a.template copy_strip<kRows>(stage, strip);
        w.template copy_strip<kColumns>(stage + kABytes, strip);
      }
      copy_async_commit();
    };
    for (int strip = 0; strip < kStages - 2; strip++) {
      copy(strip);
    }
    for (int strip = 0; strip < strips; strip++) {
      copy_async_wait<kStages - 3>();
      fence_shared_for_warpgroup();
      // This strip is there; and everyone has seen the end of the product before the last one, which
      // read the stage that is filled next. The last one may still be running.
      __syncthreads();
      copy(strip + kStages - 2);
      const unsigned char* stage = shared + strip % kStages * kStageBytes;
      begin_strip(stage, stage + kABytes);
      warpgroup_wait<1>();
    }
    warpgroup_wait<0>();
#pragma unroll
    for (int band = 0; band < kBands; band++) {
#pragma unroll
      for (int strip = 0; strip < kStrips; strip++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          hold(sums[band][strip][i]);
        }
      }
    }
    __syncthreads();
  }
};

#else

// Every card's binary has every kernel; where there are no such instructions, these refuse to run.
template <class UNIT, int BANDS>
struct WarpgroupTile : MatrixTile<UNIT, 64> {
  __device__ __forceinline__ void multiply(const Factor&, const Factor&, unsigned char*) {
    refuse_to_run();
  }
};

#endif
