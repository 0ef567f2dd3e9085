// SPDX-License-Identifier: Apache-2.0
// out[T, N] = finish(x[T, K] w[N, K]^T + bias[N]), halves with float sums.
//
// One block per tile; blockIdx.x counts across N, so neighbours share the rows of x in the L2
// cache. K and N are multiples of 8. `residual` [T, N] is read by the residual kernels alone; it
// may be `out` itself.
#include "finish.cuh"

template <Finish FINISH, class TILE>
__device__ __forceinline__ void gemm_f16(const BatchShape* shape, const Half* x, const Half* w,
                                         const float* bias, const Half* residual, int n, int k,
                                         Half* out) {
  const int row = blockIdx.y * TILE::kRows;
  const int column = blockIdx.x * TILE::kColumns;
  const int rows = shape->tokens;
  if (row >= rows) {
    return;
  }
  TILE tile;
  tile.multiply(Factor{x + static_cast<int64_t>(row) * k, rows - row, k * 2},
                Factor{w + static_cast<int64_t>(column) * k, n - column, k * 2}, shared_memory());
  finish_tile<FINISH>(tile, AsTheyAre{}, Output{bias, residual, out, rows, n}, row, column,
                      shared_memory());
}

#define SLUICE_GEMM_F16(NAME, FINISH, ...)                                                    \
  extern "C" __global__ void __launch_bounds__(kProductThreads, 2)                            \
      NAME(const BatchShape* shape, const Half* x, const Half* w, const float* bias,          \
           const Half* residual, int n, int k, Half* out) {                                   \
    gemm_f16<FINISH, __VA_ARGS__>(shape, x, w, bias, residual, n, k, out);                    \
  }
#define SLUICE_GEMMS_F16(TILE_NAME, ...)                                                      \
  SLUICE_GEMM_F16(sluice_gemm_f16_bias_##TILE_NAME, Finish::kBias, __VA_ARGS__)               \
  SLUICE_GEMM_F16(sluice_gemm_f16_gelu_##TILE_NAME, Finish::kGelu, __VA_ARGS__)               \
  SLUICE_GEMM_F16(sluice_gemm_f16_residual_##TILE_NAME, Finish::kResidual, __VA_ARGS__)

SLUICE_GEMMS_F16(128, MatrixTile<HalfUnit, 128>)
SLUICE_GEMMS_F16(64, MatrixTile<HalfUnit, 64>)
SLUICE_GEMMS_F16(wg128, WarpgroupTile<HalfUnit, 2>)
SLUICE_GEMMS_F16(wg64, WarpgroupTile<HalfUnit, 1>)
