// SPDX-License-Identifier: Apache-2.0
// out[T, N] = finish(x[T, K] w[N, K]^T * x_scales[T] * w_scales[N] + bias[N]): signed bytes with
// exact 32-bit sums, halves out.
//
// One scale per token and one per output channel: both leave the sum, so the inner loop is all
// integers and a token's result depends on that token alone. K is a multiple of 16, N of 8.
#include "finish.cuh"

template <Finish FINISH, class TILE>
__device__ __forceinline__ void gemm_s8(const BatchShape* shape, const int8_t* x,
                                        const float* x_scales, const int8_t* w,
                                        const float* w_scales, const float* bias,
                                        const Half* residual, int n, int k, Half* out) {
  const int row = blockIdx.y * TILE::kRows;
  const int column = blockIdx.x * TILE::kColumns;
  const int rows = shape->tokens;
  if (row >= rows) {
    return;
  }
  TILE tile;
  tile.multiply(Factor{x + static_cast<int64_t>(row) * k, rows - row, k},
                Factor{w + static_cast<int64_t>(column) * k, n - column, k}, shared_memory());
  finish_tile<FINISH>(tile, Scaled{x_scales, w_scales}, Output{bias, residual, out, rows, n}, row,
                      column, shared_memory());
}

#define SLUICE_GEMM_S8(NAME, FINISH, ...)                                                     \
  extern "C" __global__ void __launch_bounds__(kProductThreads, 2)                            \
      NAME(const BatchShape* shape, const int8_t* x, const float* x_scales, const int8_t* w,  \
           const float* w_scales, const float* bias, const Half* residual, int n, int k,      \
           Half* out) {                                                                       \
    gemm_s8<FINISH, __VA_ARGS__>(shape, x, x_scales, w, w_scales, bias, residual, n, k, out); \
  }
#define SLUICE_GEMMS_S8(TILE_NAME, ...)                                                       \
  SLUICE_GEMM_S8(sluice_gemm_s8_bias_##TILE_NAME, Finish::kBias, __VA_ARGS__)                 \
  SLUICE_GEMM_S8(sluice_gemm_s8_gelu_##TILE_NAME, Finish::kGelu, __VA_ARGS__)                 \
  SLUICE_GEMM_S8(sluice_gemm_s8_residual_##TILE_NAME, Finish::kResidual, __VA_ARGS__)

SLUICE_GEMMS_S8(128, MatrixTile<ByteUnit, 128>)
SLUICE_GEMMS_S8(64, MatrixTile<ByteUnit, 64>)
SLUICE_GEMMS_S8(wg128, WarpgroupTile<ByteUnit, 2>)
SLUICE_GEMMS_S8(wg64, WarpgroupTile<ByteUnit, 1>)
