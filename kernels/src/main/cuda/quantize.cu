// SPDX-License-Identifier: Apache-2.0
// Halves [T, N] to signed bytes with one scale per token, one block per token: what attention and
// GELU leave, made ready for the next product. N is at most 4096.
//
// A product's tile sees a part of each row, and the scale needs the row's maximum. Instead of atomics
// in the product's epilogue (which would still need a pass to apply the scale) the row is read once
// here and stays in registers between its maximum and its rounding.
#include "row.cuh"

extern "C" __global__ void __launch_bounds__(128)
    sluice_quantize(const BatchShape* shape, const Half* x, int columns, int8_t* bytes,
                    float* scales) {
  const int token = blockIdx.x;
  if (token >= shape->tokens) {
    return;
  }
  const int64_t at = static_cast<int64_t>(token) * columns;
  Row<4 * kWarp> row;
  row.clear();
  row.add(x + at, columns);
  row.quantize(bytes + at, scales + token, columns, reinterpret_cast<float*>(shared_memory()));
}
