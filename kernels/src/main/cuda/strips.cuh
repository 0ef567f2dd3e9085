// SPDX-License-Identifier: Apache-2.0
// How the two factors of a product come to shared memory.
//
// Rows of A and W lie in memory along the dimension that is summed, so both are copied the same way:
// strips of 64 bytes of each row, several strips under way at a time while the oldest is multiplied.
// Bytes are all that copying knows: 32 of them are 16 halves or 32 signed bytes.
#pragma once

#include "device.cuh"

constexpr int kStripBytes = 64;
constexpr int kProductThreads = 4 * kWarp;

// Where 16-byte chunk `chunk` of row `row` lies. Exchanging chunks by row spreads the eight rows that
// are read at once over all 32 banks; it is also what wgmma calls its 64-byte swizzle.
__device__ __forceinline__ int strip_place(int row, int chunk) {
  return row * kStripBytes + ((chunk ^ ((row >> 1) & 3)) << 4);
}

// A factor of which a tile sees `rows` rows (fewer than the tile has, at the matrix's end) of
// row_bytes each, a multiple of 16.
struct Factor {
  const void* data;
  int rows;
  int row_bytes;

  // Begins to copy strip `strip` of ROWS rows; what the matrix does not have becomes zeros.
  template <int ROWS>
  __device__ __forceinline__ void copy_strip(unsigned char* to, int strip) const {
    const int chunk = threadIdx.x % 4;
    const int byte = strip * kStripBytes + chunk * 16;
#pragma unroll
    for (int i = 0; i < ROWS * 4 / kProductThreads; i++) {
      const int row = threadIdx.x / 4 + i * (kProductThreads / 4);
      const bool valid = row < rows && byte < row_bytes;
      const int64_t offset = valid ? static_cast<int64_t>(row) * row_bytes + byte : 0;
      copy_async16(to + strip_place(row, chunk), static_cast<const unsigned char*>(data) + offset,
                   valid);
    }
  }

  __device__ __forceinline__ int strips() const {
    return (row_bytes + kStripBytes - 1) / kStripBytes;
  }
};

template <class SUM, int BANDS, int STRIPS>
__device__ __forceinline__ void clear(SUM (&sums)[BANDS][STRIPS][4]) {
#pragma unroll
  for (int band = 0; band < BANDS; band++) {
#pragma unroll
    for (int strip = 0; strip < STRIPS; strip++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sums[band][strip][i] = 0;
      }
    }
  }
}
