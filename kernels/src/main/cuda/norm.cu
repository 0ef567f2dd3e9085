// SPDX-License-Identifier: Apache-2.0
// out[T, H] = LayerNorm(x + bias + residual), one warp per token; bias and residual may be null
// (the residual products add both already). `out` may be `x` or `residual`.
#include "row.cuh"

extern "C" __global__ void __launch_bounds__(128)
    sluice_norm(const BatchShape* shape, const Half* x, const float* bias, const Half* residual,
                const float* gain, const float* shift, float epsilon, int hidden, Half* out,
                const float* factors, int8_t* bytes, float* scales) {
  const int token = blockIdx.x * (blockDim.x / kWarp) + warp_index();
  if (token >= shape->tokens) {
    return;
  }
  const int64_t at = static_cast<int64_t>(token) * hidden;
  Row<kWarp> row;
  row.clear();
  row.add(x + at, hidden);
  if (bias != nullptr) {
    row.add(bias, hidden);
  }
  if (residual != nullptr) {
    row.add(residual + at, hidden);
  }
  row.normalize(gain, shift, epsilon, hidden);
  write_row(row, NormOutput{out, factors, bytes, scales}, token, hidden);
}
