// SPDX-License-Identifier: Apache-2.0
// What is done to a tile of sums before it leaves the chip, so that no product is written to memory
// only to be read again: scales (signed bytes), bias, then GELU or the residual, all in float;
// rounded to half once.
#pragma once

#include "warpgroup_tile.cuh"

enum class Finish { kBias, kGelu, kResidual };

// x * Phi(x), by the error function, as BERT is trained.
__device__ __forceinline__ float gelu(float x) {
  return 0.5f * x * (1.0f + erff(x * 0.70710678f));
}

// Sums of halves are the values.
struct AsTheyAre {
  __device__ __forceinline__ float row(int) const { return 1.0f; }
  __device__ __forceinline__ float column(int) const { return 1.0f; }
};

// Sums of signed bytes are values in units of a token's scale times an output channel's.
struct Scaled {
  const float* of_rows;
  const float* of_columns;
  __device__ __forceinline__ float row(int row) const { return of_rows[row]; }
  __device__ __forceinline__ float column(int column) const { return of_columns[column]; }
};

// The matrices around a tile; pointers are to whole matrices.
struct Output {
  const float* bias;
  const Half* residual;
  Half* to;
  int rows;
  int columns;  // a multiple of 8
};

// Finishes a tile and writes it. Fragments are scattered in 4-byte pieces, so they are gathered in
// shared memory first (rows 16 bytes apart from a multiple of 128: no bank conflicts) and leave in
// 16-byte pieces.
template <Finish FINISH, class TILE, class SCALE>
__device__ __forceinline__ void finish_tile(const TILE& tile, const SCALE& scale,
                                            const Output& output, int first_row, int first_column,
                                            unsigned char* shared) {
  constexpr int kPitch = TILE::kColumns * 2 + 16;
  // Of this thread's fragment [band][strip]: the row in the tile of its upper or lower half.
  auto row_in_tile = [](int band, int lower) {
    return TILE::warp_row() + band * TILE::kBandRows + lower * 8 + lane_index() / 4;
  };
  float row_scales[TILE::kBands][2];
#pragma unroll
  for (int band = 0; band < TILE::kBands; band++) {
#pragma unroll
    for (int lower = 0; lower < 2; lower++) {
      const int row = first_row + row_in_tile(band, lower);
      row_scales[band][lower] = row < output.rows ? scale.row(row) : 0.0f;
    }
  }
#pragma unroll
  for (int strip = 0; strip < TILE::kStrips; strip++) {
    const int tile_column = TILE::warp_column() + strip * 8 + lane_index() % 4 * 2;
    const int column = first_column + tile_column;
    if (column >= output.columns) {
      continue;
    }
    const float column_scales[2] = {scale.column(column), scale.column(column + 1)};
    const float biases[2] = {output.bias[column], output.bias[column + 1]};
#pragma unroll
    for (int band = 0; band < TILE::kBands; band++) {
#pragma unroll
      for (int lower = 0; lower < 2; lower++) {
        const int tile_row = row_in_tile(band, lower);
        const int row = first_row + tile_row;
        float values[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
          const float sum = static_cast<float>(tile.sums[band][strip][lower * 2 + i]);
          values[i] = sum * (row_scales[band][lower] * column_scales[i]) + biases[i];
          if (FINISH == Finish::kGelu) {
            values[i] = gelu(values[i]);
          }
        }
        if (FINISH == Finish::kResidual && row < output.rows) {
          const int64_t at = static_cast<int64_t>(row) * output.columns + column;
          float low, high;
          unpack_pair(*reinterpret_cast<const uint32_t*>(output.residual + at), low, high);
          values[0] += low;
          values[1] += high;
        }
        *reinterpret_cast<uint32_t*>(shared + tile_row * kPitch + tile_column * 2) =
            pack_pair(values[0], values[1]);
      }
    }
  }
  __syncthreads();
  constexpr int kChunks = TILE::kColumns / 8;
#pragma unroll 4
  for (int i = threadIdx.x; i < TILE::kRows * kChunks; i += kProductThreads) {
    const int row = first_row + i / kChunks;
    const int column = first_column + i % kChunks * 8;
    if (row < output.rows && column < output.columns) {
      const Half8* chunk =
          reinterpret_cast<const Half8*>(shared + i / kChunks * kPitch + i % kChunks * 16);
      store8(output.to + static_cast<int64_t>(row) * output.columns + column, *chunk);
    }
  }
}
